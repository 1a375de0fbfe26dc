"""A log in memory that keeps the broker's promises: tests/chassis/test_loop.py runs against it and a real broker alike."""

import asyncio
import zlib
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from chassis.blame import Transient
from chassis.headers import utter
from chassis.types import Record, Utterance
from contracts.catalogue import read
from contracts.event import Event

Place = tuple[str, int]  # Topic and partition.


@dataclass(slots=True)
class Trouble:
    """What goes wrong with one `say`: `stored` of the words reach the log (None: all of them), then `raises`."""

    raises: BaseException = field(default_factory=lambda: Transient("the broker is away, says the test"))
    stored: int | None = 0


class MemoryLog:
    """Topics with partitions, and groups with committed offsets and members that come and go."""

    def __init__(self, partitions: int = 4, prefix: str = "") -> None:
        self.partitions, self.prefix = partitions, prefix
        self.drain_seconds = 5.0
        self._records: dict[Place, list[Record]] = defaultdict(list)
        self._committed: dict[tuple[str, Place], int] = defaultdict(int)
        self._members: dict[str, list[MemoryEar]] = defaultdict(list)

    def ear(self, group: str, topics: Sequence[str], batch_records: int = 500) -> "MemoryEar":
        return MemoryEar(self, group, [self.prefix + topic for topic in topics], batch_records)

    def mouth(self) -> "MemoryMouth":
        return MemoryMouth(self)

    def tell(self, *events: Event, source: str = "gateway") -> None:
        """These facts are on the log."""
        for event in events:
            self.append(utter(event, source, prefix=self.prefix))

    def append(self, said: Utterance) -> Record:
        partition = zlib.crc32(said.key) % self.partitions
        stored = self._records[said.topic, partition]
        stored.append(Record(said.topic, partition, len(stored), said.key, said.value, dict(said.headers)))
        return stored[-1]

    def records(self, topic: str) -> list[Record]:
        """All of a topic, in order per partition."""
        return [one for at in range(self.partitions) for one in self._records[self.prefix + topic, at]]

    def facts(self, topic: str) -> list[Event]:
        return [read(topic, record.value) for record in self.records(topic)]

    def committed(self, group: str, topic: str) -> int:
        """How many records of the topic the group has settled."""
        return sum(self._committed[group, (self.prefix + topic, at)] for at in range(self.partitions))

    async def _join(self, ear: "MemoryEar") -> None:
        await self._share_out(ear.group, [*self._members[ear.group], ear])

    async def _leave(self, ear: "MemoryEar") -> None:
        if ear in self._members[ear.group]:
            await self._share_out(ear.group, [one for one in self._members[ear.group] if one is not ear])

    async def _share_out(self, group: str, members: "list[MemoryEar]") -> None:
        """As Kafka's eager protocol: everyone gives up everything, bounded in time, and all is dealt anew."""
        staying = [one for one in self._members[group] if one in members]
        self._members[group] = members
        await asyncio.gather(*(one.drain(self.drain_seconds) for one in staying))
        for nth, member in enumerate(members):
            dealt = [(topic, at) for topic in member.topics for at in range(nth, self.partitions, len(members))]
            member.take({place: self._committed[group, place] for place in dealt})

    def _fetch(self, place: Place, start: int, most: int) -> list[Record]:
        return self._records[place][start : start + most]

    def _commit(self, group: str, place: Place, offset: int) -> None:
        self._committed[group, place] = offset


class MemoryEar:
    """One member of a group. `troubles` are raised by the next gathers; `lost_commits` of the next commits go astray."""

    def __init__(self, log: MemoryLog, group: str, topics: Sequence[str], batch_records: int) -> None:
        self.group, self.topics = group, topics
        self.troubles: list[BaseException] = []
        self.lost_commits = 0
        self._log, self._most = log, batch_records
        self._positions: dict[Place, int] = {}
        self._joined = False
        self._idle, self._calm = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._calm.set()

    async def gather(self) -> Sequence[Record]:
        if not self._joined:
            self._joined = True
            await self._log._join(self)
        await self._calm.wait()
        if self.troubles:
            raise self.troubles.pop(0)
        records: list[Record] = []
        for place, start in self._positions.items():
            fresh = self._log._fetch(place, start, self._most - len(records))
            self._positions[place] += len(fresh)
            records += fresh
        if records:
            self._idle.clear()
        else:
            await asyncio.sleep(0.005)
        return records

    async def done(self, records: Sequence[Record]) -> None:
        if self.lost_commits:
            self.lost_commits -= 1
        else:
            for record in records:
                place = (record.topic, record.partition)
                if place in self._positions:  # What was taken away is its new owner's to settle.
                    self._log._commit(self.group, place, record.offset + 1)
        self._idle.set()

    async def close(self) -> None:
        """Leave the group. What was not settled is heard again by whoever stays."""
        self._idle.set()
        await self._log._leave(self)
        self._positions = {}

    async def drain(self, seconds: float) -> None:
        self._calm.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), seconds)

    def take(self, positions: dict[Place, int]) -> None:
        self._positions = positions
        self._calm.set()


class MemoryMouth:
    """Says onto a MemoryLog. `troubles` happen to the next says, one each."""

    def __init__(self, log: MemoryLog) -> None:
        self.troubles: list[Trouble] = []
        self._log = log

    async def say(self, utterances: Sequence[Utterance], timeout_seconds: float | None = None) -> None:
        del timeout_seconds  # Memory answers at once.
        if not utterances:
            return
        trouble = self.troubles.pop(0) if self.troubles else None
        stored = len(utterances) if trouble is None or trouble.stored is None else trouble.stored
        for one in utterances[:stored]:
            self._log.append(one)
        if trouble is not None:
            raise trouble.raises

    async def close(self) -> None:
        """Nothing to let go of."""
