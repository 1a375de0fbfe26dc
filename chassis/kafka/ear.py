"""Hearing facts as one member of a consumer group."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from chassis.blame import Transient
from chassis.kafka.stop import bounded_stop
from chassis.metrics import COMMITS, LAG, PARTITIONS, REBALANCES, STUCK, UP
from chassis.settings import Settings
from chassis.types import Record

log = structlog.get_logger()

_DAY_MS = 86_400_000  # (1, 2) Never leave the group for a slow batch: our own watchdog judges progress, not this timer.
_START_SECONDS, _COMMIT_SECONDS, _DRAIN_SECONDS, _STUCK_SECONDS = 30.0, 5.0, 5.0, 30.0
_POLL_MS = 500  # A revocation waits for this at most when nothing is in hand.


class KafkaEar(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types.
    """Hears topics as one member of a consumer group."""

    def __init__(self, settings: Settings, group: str, topics: Sequence[str]) -> None:
        self._settings, self._group = settings, group
        self._topics = [settings.topic_prefix + topic for topic in topics]
        self._consumer: AIOKafkaConsumer | None = None
        self._calm, self._idle = asyncio.Event(), asyncio.Event()
        self._calm.set()
        self._idle.set()
        self._progress_at = time.monotonic()
        self._looked_at = 0.0
        self._next: dict[TopicPartition, int] = {}  # Behind the last record taken, per partition.

    async def start(self) -> None:
        """Join the group. Raises Transient when that takes longer than half a minute."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._settings.kafka_servers,
            group_id=self._settings.topic_prefix + self._group,
            enable_auto_commit=False,  # (10) Done means settled, and only the loop knows what is settled.
            auto_offset_reset="earliest",  # (10)
            max_poll_interval_ms=_DAY_MS,
            session_timeout_ms=self._settings.kafka_session_ms,
            heartbeat_interval_ms=max(500, self._settings.kafka_session_ms // 4),
            fetch_max_wait_ms=self._settings.kafka_fetch_wait_ms,
            metadata_max_age_ms=30_000,
        )
        consumer.subscribe(self._topics, listener=self)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await consumer.start()
        except (KafkaError, TimeoutError, OSError) as fault:
            await bounded_stop(consumer.stop())
            raise Transient("could not join the consumer group: is the broker up at KAFKA_SERVERS?") from fault
        self._consumer = consumer
        self._progress_at = time.monotonic()

    async def gather(self) -> Sequence[Record]:
        """What has arrived, at most a batch of it (2). Empty after half a quiet second."""
        consumer = self._consumer
        if consumer is None:
            await self.start()
            return ()
        await self._calm.wait()  # (8) Not while partitions change hands.
        self._idle.clear()
        try:
            polled = await consumer.getmany(timeout_ms=_POLL_MS, max_records=self._settings.batch_records)
        except KafkaError as fault:
            self._idle.set()
            raise Transient(f"reading failed ({type(fault).__name__})") from fault
        records = [_record(message) for messages in polled.values() for message in messages]
        self._show_lag(consumer, polled)
        if records:
            self._progress_at = time.monotonic()
        else:
            self._idle.set()
            await self._watch(consumer)
        return records

    async def done(self, records: Sequence[Record]) -> None:
        """Commit, bounded (6), and only what is still ours (8): the new owner hears the rest again, which is harmless."""
        consumer = self._consumer
        if consumer is None or not records:
            return
        ours = consumer.assignment()
        offsets: dict[TopicPartition, int] = {}
        for record in records:
            place = TopicPartition(record.topic, record.partition)
            if place in ours:
                offsets[place] = max(offsets.get(place, 0), record.offset + 1)
        try:
            if offsets:
                await asyncio.wait_for(consumer.commit(offsets), _COMMIT_SECONDS)
            COMMITS.labels("ok").inc()
        except (CommitFailedError, IllegalStateError):
            COMMITS.labels("lost").inc()
        except (KafkaError, TimeoutError) as fault:
            COMMITS.labels("failed").inc()
            log.warning("commit_failed", fault=type(fault).__name__)
        finally:
            self._idle.set()

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """(8) Let the batch in hand be settled and committed before the partitions go, but not for ever."""
        self._calm.clear()
        REBALANCES.labels("revoked").inc(len(revoked))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), _DRAIN_SECONDS)

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        REBALANCES.labels("assigned").inc(len(assigned))
        PARTITIONS.set(len(assigned))
        self._progress_at = time.monotonic()
        self._calm.set()

    async def _watch(self, consumer: AIOKafkaConsumer) -> None:
        """(3) Records wait, yet none comes: a consumer can fall silent after a broker's restart. Replace it."""
        now = time.monotonic()
        if now - self._progress_at < _STUCK_SECONDS or now - self._looked_at < _STUCK_SECONDS / 2:
            return
        self._looked_at = now
        try:
            async with asyncio.timeout(_COMMIT_SECONDS):
                places = consumer.assignment()
                ends = await consumer.end_offsets(places) if places else {}
                behind = not places or any([await consumer.position(place) < end for place, end in ends.items()])
        except (KafkaError, TimeoutError):
            UP.labels("kafka").set(0)
            return  # The broker is away: nothing to blame the consumer for.
        UP.labels("kafka").set(1)
        if not behind:
            self._progress_at = now
            return
        STUCK.inc()
        log.warning("consumer_stuck", group=self._group)
        await self.close()
        await self.start()

    def _show_lag(self, consumer: AIOKafkaConsumer, polled: Mapping[TopicPartition, Sequence[Any]]) -> None:
        self._next.update({place: messages[-1].offset + 1 for place, messages in polled.items() if messages})
        waiting: dict[str, int] = defaultdict(int)
        for place in consumer.assignment():
            high = consumer.highwater(place)
            if high is not None and place in self._next:
                waiting[place.topic] += max(0, high - self._next[place])
        for topic in self._topics:
            LAG.labels(topic.removeprefix(self._settings.topic_prefix)).set(waiting[topic])

    async def close(self) -> None:
        consumer, self._consumer = self._consumer, None
        self._calm.set()
        if consumer is not None:
            await bounded_stop(consumer.stop())


@asynccontextmanager
async def ear(settings: Settings, group: str, topics: Sequence[str]) -> AsyncIterator[KafkaEar]:
    one = KafkaEar(settings, group, topics)
    try:
        yield one
    finally:
        await one.close()


def _record(message: Any) -> Record:
    return Record(
        message.topic,
        message.partition,
        message.offset,
        message.key or b"",
        message.value or b"",
        dict(message.headers),
    )
