"""Topics that every replica reads whole and goes on reading, each for itself: from the beginning, without a group."""

import asyncio
import time
from collections.abc import Callable, Sequence

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from chassis.kafka.account import Account
from chassis.kafka.consumer import to_record
from chassis.kafka.shutdown import stop_consumer
from chassis.records import Record
from chassis.settings import Settings

log = structlog.get_logger()

_ANSWER_SECONDS, _AGAIN_SECONDS, _LOOK_SECONDS = 5.0, 1.0, 1.0
_POLL_MS = 200


class KafkaTable:
    """`on_record` gets every record, in order per partition; after a reconnection some of them again."""

    def __init__(self, settings: Settings, topics: Sequence[str], on_record: Callable[[Record], None]) -> None:
        self._settings, self._on_record = settings, on_record
        self._topics = [settings.topic_prefix + topic for topic in topics]
        self._looked_at = 0.0
        self.is_whole = False  # Once everything that was there when it began has been read.
        self.is_current = False  # At the last look, which fails while the broker is away: then it stays as it was.

    async def run(self) -> None:
        """Read for ever. A broker that is away is waited for."""
        while True:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self._settings.kafka_servers,
                **Account.of(self._settings).client_options(),
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                fetch_max_wait_ms=self._settings.kafka_fetch_wait_ms,
                metadata_max_age_ms=30_000,
            )
            try:
                await self._read(consumer)
            except (KafkaError, TimeoutError, OSError) as fault:
                log.info("table_waits", fault=type(fault).__name__)
            finally:
                await stop_consumer(consumer)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await consumer.start()
            partitions = await self._partitions(consumer)
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        self._looked_at = 0.0
        while True:
            polled = await consumer.getmany(timeout_ms=_POLL_MS)
            for messages in polled.values():
                for message in messages:
                    self._on_record(to_record(message))
            if time.monotonic() - self._looked_at > (_LOOK_SECONDS if self.is_current else 0):
                await self._look(consumer, partitions)

    async def _partitions(self, consumer: AIOKafkaConsumer) -> list[TopicPartition]:
        # Without a subscription the client asks for no topics by itself.
        await consumer._client.force_metadata_update()  # noqa: SLF001
        partitions = [
            TopicPartition(topic, number)
            for topic in self._topics
            for number in consumer.partitions_for_topic(topic) or ()
        ]
        if {partition.topic for partition in partitions} != set(self._topics):
            raise TimeoutError  # The topics are not there yet.
        return partitions

    async def _look(self, consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> None:
        """Raises KafkaError or TimeoutError when the broker is away: then nobody else can have published either."""
        async with asyncio.timeout(_ANSWER_SECONDS):
            ends = await consumer.end_offsets(partitions)
            positions = [(await consumer.position(partition), end) for partition, end in ends.items()]
        self._looked_at = time.monotonic()
        self.is_current = all(position >= end for position, end in positions)
        self.is_whole = self.is_whole or self.is_current
