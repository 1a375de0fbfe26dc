"""Notices records that the broker deleted before they were read: by default a consumer goes on behind the gap in silence."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from chassis.metrics import RECORDS_LOST

log = structlog.get_logger()

_CHECK_SECONDS, _AGAIN_SECONDS = 5.0, 10.0


class RetentionWatch:
    """For one consumer. What is committed is compared with what is left at assignment, and each batch with the one before."""

    def __init__(self, topic_prefix: str) -> None:
        self._prefix = topic_prefix
        self._unchecked: set[TopicPartition] = set()
        self._next: dict[TopicPartition, int] = {}  # The offset that should be read next.
        self._not_before = 0.0

    def assigned(self, partitions: Iterable[TopicPartition]) -> None:
        """These are read from what is committed on; nothing is known about others any more."""
        self._unchecked, self._next = set(partitions), {}

    async def check(self, consumer: AIOKafkaConsumer) -> None:
        """Look once at what was assigned. Bounded; a broker that does not answer is asked again later."""
        if not self._unchecked or time.monotonic() < self._not_before:
            return
        partitions = list(self._unchecked)
        try:
            async with asyncio.timeout(_CHECK_SECONDS):
                begins = await consumer.beginning_offsets(partitions)
                for partition in partitions:
                    committed = await consumer.committed(partition)
                    if committed is not None:
                        self._compare(partition, committed, begins[partition])
                    self._unchecked.discard(partition)
        except (KafkaError, TimeoutError):
            self._not_before = time.monotonic() + _AGAIN_SECONDS

    def read(self, polled: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """Look at a batch before it is processed."""
        for partition, messages in polled.items():
            expected = self._next.get(partition)
            if expected is not None:
                self._compare(partition, expected, messages[0].offset)
            self._next[partition] = messages[-1].offset + 1

    def _compare(self, partition: TopicPartition, expected: int, found: int) -> None:
        if found <= expected:
            return
        topic = partition.topic.removeprefix(self._prefix)
        RECORDS_LOST.labels(topic).inc(found - expected)
        log.error(
            "records_lost", topic=topic, partition=partition.partition, records=found - expected,
            remedy="they were deleted before this service read them: look at the topic's retention and at loa_lag_records",
        )  # fmt: skip
