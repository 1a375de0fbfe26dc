"""Consuming records as one member of a consumer group."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError, UnsupportedCodecError

from chassis.errors import TransientError
from chassis.kafka.account import Account
from chassis.kafka.lag import waiting
from chassis.kafka.retention import RetentionWatch
from chassis.kafka.shutdown import stop_consumer
from chassis.metrics import COMMITS, CONSUMER_STALLED, LAG, PARTITIONS, REBALANCES, UP
from chassis.records import Record
from chassis.settings import Settings

log = structlog.get_logger()

_DAY_MS = 86_400_000  # (1, 2) Never leave the group for a slow batch: our own watchdog judges progress, not this timer.
_JOIN_SECONDS, _COMMIT_SECONDS, _DRAIN_SECONDS, _STALLED_SECONDS = 30.0, 5.0, 5.0, 10.0
_POLL_SECONDS = 0.5


class KafkaConsumer(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types.
    """Reads topics as one member of a consumer group."""

    def __init__(self, settings: Settings, group: str, topics: Sequence[str]) -> None:
        self._settings, self._group = settings, group
        self._topics = [settings.topic_prefix + topic for topic in topics]
        self._consumer: AIOKafkaConsumer | None = None
        self._no_batch_in_hand = asyncio.Event()
        self._no_batch_in_hand.set()
        self._progress_at = self._checked_at = self._measured_at = time.monotonic()
        self._retention = RetentionWatch(settings.topic_prefix)

    async def poll(self) -> Sequence[Record]:
        """Returns at most one batch of what has arrived (2); empty after half a second without records. Raises TransientError."""
        consumer = self._consumer or await self._join()
        await self._retention.check(consumer)
        await self._measure_lag(consumer)
        try:
            async with asyncio.timeout(2 * _POLL_SECONDS):
                polled = await consumer.getmany(
                    timeout_ms=int(_POLL_SECONDS * 1_000), max_records=self._settings.batch_records
                )
        except (
            TimeoutError
        ):  # (8) Partitions change hands: nothing is given out, without limit while the broker is away.
            polled = {}
        except KafkaError as fault:
            await self.close()
            raise TransientError(_reading_failed(fault)) from fault
        self._retention.read(polled)
        records = [to_record(message) for messages in polled.values() for message in messages]
        if records:
            self._no_batch_in_hand.clear()
            self._progress_at = time.monotonic()
        else:
            await self._check_progress(consumer)
        return records

    async def commit(self, records: Sequence[Record]) -> None:
        """Commit, bounded (6), and only partitions still assigned (8): the new owner reads the rest again, which is harmless."""
        consumer = self._consumer
        assigned = consumer.assignment() if consumer else ()
        offsets: dict[TopicPartition, int] = {}
        for record in records:
            partition = TopicPartition(record.topic, record.partition)
            if partition in assigned:
                offsets[partition] = max(offsets.get(partition, 0), record.offset + 1)
        try:
            if consumer and offsets:
                async with asyncio.timeout(_COMMIT_SECONDS):
                    await consumer.commit(offsets)
            COMMITS.labels("ok" if offsets else "lost").inc()
        except (CommitFailedError, IllegalStateError):
            COMMITS.labels("lost").inc()
        except (KafkaError, TimeoutError) as fault:
            COMMITS.labels("failed").inc()
            log.warning("commit_failed", fault=type(fault).__name__)
        finally:
            self._no_batch_in_hand.set()

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """(8) Let the batch in hand be processed and committed before the partitions go, but not for ever."""
        REBALANCES.labels("revoked").inc(len(revoked))
        self._progress_at = time.monotonic()
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                await self._no_batch_in_hand.wait()

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        REBALANCES.labels("assigned").inc(len(assigned))
        PARTITIONS.set(len(assigned))
        self._retention.assigned(assigned)
        self._progress_at = time.monotonic()

    async def close(self) -> None:
        """Leave the group. Takes six seconds at most."""
        consumer, self._consumer = self._consumer, None
        self._no_batch_in_hand.set()
        if consumer is not None:
            await stop_consumer(consumer)

    async def _join(self) -> AIOKafkaConsumer:
        session_ms = self._settings.kafka_session_ms
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._settings.kafka_servers,
            **Account.of(self._settings).client_options(),
            group_id=self._settings.topic_prefix + self._group,
            enable_auto_commit=False,  # (10) Only the consumer loop knows what has been processed.
            auto_offset_reset="earliest",  # (10)
            max_poll_interval_ms=_DAY_MS,
            session_timeout_ms=session_ms,
            heartbeat_interval_ms=max(500, session_ms // 4),
            # (8) A member that still processes its batch keeps its place.
            rebalance_timeout_ms=max(session_ms, int(_DRAIN_SECONDS * 2_000)),
            fetch_max_wait_ms=self._settings.kafka_fetch_wait_ms,
            metadata_max_age_ms=30_000,  # (13)
        )
        consumer.subscribe(self._topics, listener=self)
        try:
            async with asyncio.timeout(_JOIN_SECONDS):
                await consumer.start()
        except (KafkaError, TimeoutError, OSError) as fault:
            await stop_consumer(consumer)
            raise TransientError("could not join the consumer group: is the broker up at KAFKA_SERVERS?") from fault
        except asyncio.CancelledError:
            await stop_consumer(consumer)
            raise
        self._consumer, self._progress_at = consumer, time.monotonic()
        return consumer

    async def _check_progress(self, consumer: AIOKafkaConsumer) -> None:
        """(3) Records wait, yet none comes: a consumer can fall silent after a broker's restart. Replace it."""
        now = time.monotonic()
        if now - self._progress_at < _STALLED_SECONDS or now - self._checked_at < _STALLED_SECONDS / 2:
            return
        self._checked_at = now
        try:
            async with asyncio.timeout(_COMMIT_SECONDS):
                stalled = await _is_stalled(consumer)
        except (KafkaError, TimeoutError):
            UP.labels("kafka").set(0)
            return  # The broker is away: that is not the consumer's fault.
        UP.labels("kafka").set(1)
        if not stalled:
            self._progress_at = now
            return
        CONSUMER_STALLED.inc()
        log.warning("consumer_stalled", group=self._group)
        await self.close()  # The next gather joins anew.

    async def _measure_lag(self, consumer: AIOKafkaConsumer) -> None:
        """Once a second, before anything is in hand: how much waits on the log."""
        if time.monotonic() - self._measured_at < 1:
            return
        self._measured_at = time.monotonic()
        for topic, count in (await waiting(consumer, self._topics, _POLL_SECONDS)).items():
            LAG.labels(topic.removeprefix(self._settings.topic_prefix)).set(count)


async def _is_stalled(consumer: AIOKafkaConsumer) -> bool:
    """Whether there is something to read that does not come. Asks the broker, so raises KafkaError when it is away."""
    partitions = consumer.assignment()
    if not partitions:
        return False  # (1) A spare member: more replicas than partitions. Replacing it would only disturb the others.
    ends = await consumer.end_offsets(partitions)
    return any([await consumer.position(partition) < end for partition, end in ends.items()])


@asynccontextmanager
async def open_consumer(settings: Settings, group: str, topics: Sequence[str]) -> AsyncIterator[KafkaConsumer]:
    consumer = KafkaConsumer(settings, group, topics)
    try:
        yield consumer
    finally:
        await consumer.close()


def _reading_failed(fault: KafkaError) -> str:
    if isinstance(fault, UnsupportedCodecError):
        return "the broker compresses with a codec that cannot be read here: is `cramjam` installed (make lock)?"
    return f"reading failed ({type(fault).__name__}): is the broker up at KAFKA_SERVERS?"


def to_record(message: Any) -> Record:
    return Record(
        message.topic,
        message.partition,
        message.offset,
        message.key or b"",
        message.value or b"",
        {name: value or b"" for name, value in message.headers},  # A header's value may be null.
    )
