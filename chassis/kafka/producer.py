"""Publishing records: durable, in order per key, bounded in time."""

import asyncio
import time
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from chassis.errors import TransientError
from chassis.kafka.account import NOBODY, Account
from chassis.kafka.shutdown import drop_producer, stop_producer
from chassis.metrics import EVENTS_SENT, SEND_FAILURES, SEND_SECONDS, UP
from chassis.records import OutgoingRecord
from chassis.settings import Settings

_BATCH_BYTES = 256 * 1024
_LARGEST_BYTES = 1024 * 1024
_IN_FLIGHT = 5_000  # (9) Records handed to the client at once; it has no limit of its own.
_CLOSING: set[asyncio.Task[None]] = (
    set()
)  # Abandoned clients that are closing: a task without a reference may be collected.


class KafkaProducer:
    """Publishes durably, in order per key: one produce batch per partition, acknowledged by all replicas, bounded in time."""

    def __init__(
        self, servers: str, *, idempotent: bool = True, timeout_seconds: float = 10, account: Account = NOBODY
    ) -> None:
        self._servers, self._idempotent, self._timeout, self._account = servers, idempotent, timeout_seconds, account
        self._producer: AIOKafkaProducer | None = None
        self._lock = asyncio.Lock()  # Order per key across callers, and (9) a bound on what is in flight.

    async def send(self, records: Sequence[OutgoingRecord], timeout_seconds: float | None = None) -> None:
        """Raises TransientError if not all are acknowledged in time; publishing them again is harmless, their ids are derived."""
        if not records:
            return
        limit = timeout_seconds or self._timeout
        started = time.perf_counter()
        try:
            async with asyncio.timeout(limit), self._lock:
                await self._send_all(records)
        except (KafkaError, TimeoutError, OSError) as fault:
            SEND_FAILURES.inc()
            UP.labels("kafka").set(0)
            raise TransientError(f"the broker did not acknowledge within {limit} s ({type(fault).__name__})") from fault
        UP.labels("kafka").set(1)
        SEND_SECONDS.observe(time.perf_counter() - started)
        for topic, count in Counter(record.topic for record in records).items():
            EVENTS_SENT.labels(topic).inc(count)

    async def probe(self, timeout_seconds: float = 2.0) -> None:
        """Raises TransientError unless the broker answers: a check before there is anything to publish."""
        try:
            async with asyncio.timeout(timeout_seconds), self._lock:
                try:
                    await (await self._ready()).client.fetch_all_metadata()
                except BaseException:
                    self._abandon()
                    raise
        except (KafkaError, TimeoutError, OSError) as fault:
            UP.labels("kafka").set(0)
            raise TransientError(
                f"the broker does not answer ({type(fault).__name__}): is it up at KAFKA_SERVERS?"
            ) from fault
        UP.labels("kafka").set(1)

    async def _send_all(self, records: Sequence[OutgoingRecord]) -> None:
        """With the lock held, so that a caller whose waiting timed out does not close the producer of another."""
        try:
            for at in range(0, len(records), _IN_FLIGHT):
                await self._send(await self._ready(), records[at : at + _IN_FLIGHT])
        except BaseException:
            # (4, 5) A producer that has failed once may hang or stay poisoned, and it would deliver what was taken back.
            self._abandon()
            raise

    async def _send(self, producer: AIOKafkaProducer, records: Sequence[OutgoingRecord]) -> None:
        partitions: dict[str, int] = {}
        open_batches: dict[tuple[str, int], Any] = {}
        futures: list[asyncio.Future[Any]] = []
        for record in records:
            if record.topic not in partitions:
                partitions[record.topic] = len(await producer.partitions_for(record.topic))
            target = (
                record.topic,
                zlib.crc32(record.key) % partitions[record.topic],
            )  # Keys are pseudonyms: already uniform.
            headers = list(record.headers.items())
            batch = open_batches.get(target)
            if (
                batch is None
                or batch.append(key=record.key, value=record.value, timestamp=None, headers=headers) is None
            ):
                if batch is not None:
                    futures.append(await producer.send_batch(batch, target[0], partition=target[1]))
                batch = open_batches[target] = producer.create_batch()
                batch.append(key=record.key, value=record.value, timestamp=None, headers=headers)  # Whatever its size.
        for (topic, partition), batch in open_batches.items():
            futures.append(await producer.send_batch(batch, topic, partition=partition))
        await asyncio.gather(*futures)

    async def _ready(self) -> AIOKafkaProducer:
        if self._producer is None:
            self._producer = AIOKafkaProducer(
                bootstrap_servers=self._servers,
                **self._account.client_options(),
                acks="all",  # (10) The default loses what one broker alone has seen.
                enable_idempotence=self._idempotent,
                linger_ms=0,  # The caller batches; a single record should not wait.
                max_batch_size=_BATCH_BYTES,
                max_request_size=_LARGEST_BYTES,
                request_timeout_ms=int(self._timeout * 1_000),
                metadata_max_age_ms=30_000,  # (13)
            )
            await self._producer.start()
        return self._producer

    def _abandon(self) -> None:
        """Drop it at once: callers have been promised an answer in time, so the old client closes in the background."""
        producer, self._producer = self._producer, None
        if producer is not None:
            task = asyncio.get_running_loop().create_task(drop_producer(producer))
            _CLOSING.add(task)
            task.add_done_callback(_CLOSING.discard)

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await stop_producer(producer)
        if _CLOSING:
            await asyncio.wait(_CLOSING)


@asynccontextmanager
async def open_producer(settings: Settings, timeout_seconds: float = 10) -> AsyncIterator[KafkaProducer]:
    producer = KafkaProducer(
        settings.kafka_servers,
        idempotent=settings.kafka_idempotence,
        timeout_seconds=timeout_seconds,
        account=Account.of(settings),
    )
    try:
        yield producer
    finally:
        await producer.close()
