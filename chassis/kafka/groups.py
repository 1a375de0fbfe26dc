"""How far a group of consumers has come, asked from outside the group."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from chassis.errors import TransientError
from chassis.kafka.account import NOBODY, Account
from chassis.kafka.consumer import to_record
from chassis.kafka.shutdown import bounded
from chassis.records import Record
from chassis.settings import Settings

_ANSWER_SECONDS, _STOP_SECONDS, _LOOK_SECONDS = 10.0, 5.0, 2.0
_READ_SECONDS = 40.0
Partitions = list[TopicPartition]


async def is_read(settings: Settings, group: str, topics: Sequence[str], before: datetime) -> bool:
    """Returns whether the group has committed every record that came before that time. Raises TransientError."""
    async with _reader(settings.kafka_servers, Account.of(settings), group, topics) as (reader, partitions):
        later = await reader.offsets_for_times(dict.fromkeys(partitions, int(before.timestamp() * 1_000)))
        ends, committed = await reader.end_offsets(partitions), await _committed(reader, partitions)
    wanted = {partition: offset.offset if offset else ends[partition] for partition, offset in later.items()}
    return all(committed[partition] >= wanted[partition] for partition in partitions)


async def read_whole(servers: str, topic: str, account: Account = NOBODY) -> list[Record]:
    """Returns what lies on a small topic now. Raises TransientError."""
    async with _reader(servers, account, None, [topic]) as (reader, partitions):
        if not partitions:
            return []
        ends = await reader.end_offsets(partitions)
        await reader.seek_to_beginning(*partitions)
        records: list[Record] = []
        async with asyncio.timeout(_READ_SECONDS):
            while any([await reader.position(partition) < end for partition, end in ends.items()]):
                polled = await reader.getmany(timeout_ms=200)
                records += [to_record(message) for messages in polled.values() for message in messages]
    return records


class GroupWatch:
    """Whether another service makes progress on a topic: known a few seconds later, from what its group commits."""

    def __init__(self, settings: Settings, group: str, topic: str) -> None:
        self._settings, self._group, self._topic = (
            settings,
            settings.topic_prefix + group,
            settings.topic_prefix + topic,
        )
        self._seen: dict[TopicPartition, int] = {}
        self._moved_at = time.monotonic()
        self._waits = False

    @property
    def stalled_seconds(self) -> float:
        """For how long records have waited of which none was committed. While the broker is away, as it was before."""
        return time.monotonic() - self._moved_at if self._waits else 0.0

    async def run(self) -> None:
        """Look every two seconds, for ever."""
        while True:
            try:
                async with _reader(
                    self._settings.kafka_servers, Account.of(self._settings), self._group, [self._topic]
                ) as (reader, partitions):
                    while True:
                        await self._look(reader, partitions)
                        await asyncio.sleep(_LOOK_SECONDS)
            except TransientError:
                await asyncio.sleep(_LOOK_SECONDS)

    async def _look(self, reader: AIOKafkaConsumer, partitions: Partitions) -> None:
        async with asyncio.timeout(_ANSWER_SECONDS):
            ends, committed = await reader.end_offsets(partitions), await _committed(reader, partitions)
        waits = any(committed[partition] < end for partition, end in ends.items())
        if committed != self._seen or not waits or not self._waits:
            self._seen, self._moved_at = committed, time.monotonic()
        self._waits = waits


async def _committed(reader: AIOKafkaConsumer, partitions: Partitions) -> dict[TopicPartition, int]:
    """A partition of which nothing was committed yet is read from its beginning."""
    begins = await reader.beginning_offsets(partitions)
    return {partition: await reader.committed(partition) or begins[partition] for partition in partitions}


@asynccontextmanager
async def _reader(
    servers: str, account: Account, group: str | None, topics: Sequence[str]
) -> AsyncIterator[tuple[AIOKafkaConsumer, Partitions]]:
    reader = AIOKafkaConsumer(
        bootstrap_servers=servers,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        **account.client_options(),
    )
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await reader.start()
            await reader._client.force_metadata_update()  # noqa: SLF001 - without a subscription it asks for no topics itself.
        partitions = [TopicPartition(topic, n) for topic in topics for n in reader.partitions_for_topic(topic) or ()]
        reader.assign(partitions)
        yield reader, partitions
    except (KafkaError, TimeoutError, OSError) as fault:
        raise TransientError(
            "the broker does not report the offsets of its consumer groups: is it up at KAFKA_SERVERS?"
        ) from fault
    finally:
        await bounded(reader.stop(), _STOP_SECONDS)
