"""A log in memory with a broker's promises: tests/chassis/test_consumer_loop.py runs against it and a real broker alike."""

import asyncio
import zlib
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from chassis.errors import TransientError
from chassis.records import OutgoingRecord, Record
from contracts.catalogue import read
from contracts.event import Event
from tests.events import encoded

Partition = tuple[str, int]  # Topic and partition.


@dataclass(slots=True)
class SendFailure:
    """What goes wrong with one `say`: `stored` of the words reach the log (None: all of them), then `raises`."""

    raises: BaseException = field(default_factory=lambda: TransientError("the broker is away, says the test"))
    stored: int | None = 0


class MemoryLog:
    """Topics with partitions, and groups with committed offsets and members that come and go."""

    def __init__(self, partitions: int = 4, prefix: str = "") -> None:
        self.partitions, self.prefix = partitions, prefix
        self.drain_seconds = 5.0
        self._records: dict[Partition, list[Record]] = defaultdict(list)
        self._committed: dict[tuple[str, Partition], int] = defaultdict(int)
        self._members: dict[str, list[MemoryConsumer]] = defaultdict(list)

    def consumer(self, group: str, topics: Sequence[str], batch_records: int = 500) -> "MemoryConsumer":
        return MemoryConsumer(self, group, [self.prefix + topic for topic in topics], batch_records)

    def producer(self) -> "MemoryProducer":
        return MemoryProducer(self)

    def publish(self, *events: Event, source: str = "gateway") -> None:
        """These events are on the log."""
        for event in events:
            self.append(encoded(event, source, prefix=self.prefix))

    def append(self, record: OutgoingRecord) -> Record:
        partition = zlib.crc32(record.key) % self.partitions
        stored = self._records[record.topic, partition]
        stored.append(Record(record.topic, partition, len(stored), record.key, record.value, dict(record.headers)))
        return stored[-1]

    def records(self, topic: str) -> list[Record]:
        """All of a topic, in order per partition."""
        return [record for at in range(self.partitions) for record in self._records[self.prefix + topic, at]]

    def events(self, topic: str) -> list[Event]:
        return [read(topic, record.value) for record in self.records(topic)]

    def committed(self, group: str, topic: str) -> int:
        """How many records of the topic the group has settled."""
        return sum(self._committed[group, (self.prefix + topic, at)] for at in range(self.partitions))

    async def _join(self, consumer: "MemoryConsumer") -> None:
        await self._rebalance(consumer.group, [*self._members[consumer.group], consumer])

    async def _leave(self, consumer: "MemoryConsumer") -> None:
        if consumer in self._members[consumer.group]:
            await self._rebalance(
                consumer.group, [member for member in self._members[consumer.group] if member is not consumer]
            )

    async def _rebalance(self, group: str, members: "list[MemoryConsumer]") -> None:
        """As Kafka's eager protocol: everyone gives up everything, bounded in time, and all is dealt anew."""
        staying = [member for member in self._members[group] if member in members]
        self._members[group] = members
        await asyncio.gather(*(member.drain(self.drain_seconds) for member in staying))
        for index, member in enumerate(members):
            assigned = [(topic, at) for topic in member.topics for at in range(index, self.partitions, len(members))]
            member.assign({partition: self._committed[group, partition] for partition in assigned})

    def _fetch(self, partition: Partition, start: int, most: int) -> list[Record]:
        return self._records[partition][start : start + most]

    def _commit(self, group: str, partition: Partition, offset: int) -> None:
        self._committed[group, partition] = offset


class MemoryConsumer:
    """One member of a group. `troubles` are raised by the next gathers; `lost_commits` of the next commits go astray."""

    def __init__(self, log: MemoryLog, group: str, topics: Sequence[str], batch_records: int) -> None:
        self.group, self.topics = group, topics
        self.failures: list[BaseException] = []
        self.lost_commits = 0
        self._log, self._most = log, batch_records
        self._positions: dict[Partition, int] = {}
        self._joined = False
        self._idle, self._resumed = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._resumed.set()

    async def poll(self) -> Sequence[Record]:
        if not self._joined:
            self._joined = True
            await self._log._join(self)
        await self._resumed.wait()
        if self.failures:
            raise self.failures.pop(0)
        records: list[Record] = []
        for partition, start in self._positions.items():
            fresh = self._log._fetch(partition, start, self._most - len(records))
            self._positions[partition] += len(fresh)
            records += fresh
        if records:
            self._idle.clear()
        else:
            await asyncio.sleep(0.005)
        return records

    async def commit(self, records: Sequence[Record]) -> None:
        if self.lost_commits:
            self.lost_commits -= 1
        else:
            for record in records:
                partition = (record.topic, record.partition)
                if partition in self._positions:  # What was taken away is its new owner's to settle.
                    self._log._commit(self.group, partition, record.offset + 1)
        self._idle.set()

    async def close(self) -> None:
        """Leave the group. What was not committed is received again by whoever stays."""
        self._idle.set()
        await self._log._leave(self)
        self._positions = {}

    async def drain(self, seconds: float) -> None:
        self._resumed.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), seconds)

    def assign(self, positions: dict[Partition, int]) -> None:
        self._positions = positions
        self._resumed.set()


class MemoryProducer:
    """Says onto a MemoryLog. `troubles` happen to the next says, one each."""

    def __init__(self, log: MemoryLog) -> None:
        self.failures: list[SendFailure] = []
        self._log = log

    async def send(self, records: Sequence[OutgoingRecord], timeout_seconds: float | None = None) -> None:
        del timeout_seconds  # Memory answers at once.
        if not records:
            return
        failure = self.failures.pop(0) if self.failures else None
        stored = len(records) if failure is None or failure.stored is None else failure.stored
        for record in records[:stored]:
            self._log.append(record)
        if failure is not None:
            raise failure.raises

    async def close(self) -> None:
        """Nothing to let go of."""
