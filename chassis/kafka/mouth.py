"""Saying facts: durable, in order per key, bounded in time."""

import asyncio
import time
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from chassis.blame import Transient
from chassis.kafka.stop import drop_producer, stop_producer
from chassis.metrics import SAID, SAY_FAILED, SAY_SECONDS, UP
from chassis.settings import Settings
from chassis.types import Utterance

_BATCH_BYTES = 256 * 1024
_LARGEST_BYTES = 1024 * 1024
_IN_FLIGHT = 5_000  # (9) Words handed to the client at once; it has no limit of its own.
_LEAVING: set[asyncio.Task[None]] = set()  # Abandoned clients on their way out: a task nobody holds may be collected.


class KafkaMouth:
    """Says facts durably, in order per key: one produce batch per partition, acknowledged by all replicas, bounded in time."""

    def __init__(self, servers: str, *, idempotent: bool = True, timeout_seconds: float = 10) -> None:
        self._servers, self._idempotent, self._timeout = servers, idempotent, timeout_seconds
        self._producer: AIOKafkaProducer | None = None
        self._one_at_a_time = asyncio.Lock()  # Order per key across callers, and (9) a bound on what is in flight.

    async def say(self, utterances: Sequence[Utterance], timeout_seconds: float | None = None) -> None:
        """Raises Transient if not all are acknowledged in time; saying them again is harmless, their ids are derived."""
        if not utterances:
            return
        limit = timeout_seconds or self._timeout
        started = time.perf_counter()
        try:
            async with asyncio.timeout(limit), self._one_at_a_time:
                await self._send_all(utterances)
        except (KafkaError, TimeoutError, OSError) as fault:
            SAY_FAILED.inc()
            UP.labels("kafka").set(0)
            raise Transient(f"the broker did not acknowledge within {limit} s ({type(fault).__name__})") from fault
        UP.labels("kafka").set(1)
        SAY_SECONDS.observe(time.perf_counter() - started)
        for topic, count in Counter(one.topic for one in utterances).items():
            SAID.labels(topic).inc(count)

    async def look(self, timeout_seconds: float = 2.0) -> None:
        """Raises Transient unless the broker answers: for whoever must know before there is anything to say."""
        try:
            async with asyncio.timeout(timeout_seconds), self._one_at_a_time:
                try:
                    await (await self._ready()).client.fetch_all_metadata()
                except BaseException:
                    self._abandon()
                    raise
        except (KafkaError, TimeoutError, OSError) as fault:
            UP.labels("kafka").set(0)
            raise Transient(
                f"the broker does not answer ({type(fault).__name__}): is it up at KAFKA_SERVERS?"
            ) from fault
        UP.labels("kafka").set(1)

    async def _send_all(self, utterances: Sequence[Utterance]) -> None:
        """With the lock held, so that whoever only waited for it in vain takes nobody's producer away."""
        try:
            for at in range(0, len(utterances), _IN_FLIGHT):
                await self._send(await self._ready(), utterances[at : at + _IN_FLIGHT])
        except BaseException:
            # (4, 5) A producer that has failed once may hang or stay poisoned, and it would deliver what was taken back.
            self._abandon()
            raise

    async def _send(self, producer: AIOKafkaProducer, utterances: Sequence[Utterance]) -> None:
        partitions: dict[str, int] = {}
        open_batches: dict[tuple[str, int], Any] = {}
        futures: list[asyncio.Future[Any]] = []
        for one in utterances:
            if one.topic not in partitions:
                partitions[one.topic] = len(await producer.partitions_for(one.topic))
            place = (one.topic, zlib.crc32(one.key) % partitions[one.topic])  # Keys are pseudonyms: already uniform.
            headers = list(one.headers.items())
            batch = open_batches.get(place)
            if batch is None or batch.append(key=one.key, value=one.value, timestamp=None, headers=headers) is None:
                if batch is not None:
                    futures.append(await producer.send_batch(batch, place[0], partition=place[1]))
                batch = open_batches[place] = producer.create_batch()
                batch.append(key=one.key, value=one.value, timestamp=None, headers=headers)  # Whatever its size.
        for (topic, partition), batch in open_batches.items():
            futures.append(await producer.send_batch(batch, topic, partition=partition))
        await asyncio.gather(*futures)

    async def _ready(self) -> AIOKafkaProducer:
        if self._producer is None:
            self._producer = AIOKafkaProducer(
                bootstrap_servers=self._servers,
                acks="all",  # (10) The default loses what one broker alone has seen.
                enable_idempotence=self._idempotent,
                linger_ms=0,  # We batch ourselves; a lone word should not wait.
                max_batch_size=_BATCH_BYTES,
                max_request_size=_LARGEST_BYTES,
                request_timeout_ms=int(self._timeout * 1_000),
                metadata_max_age_ms=30_000,  # (13)
            )
            await self._producer.start()
        return self._producer

    def _abandon(self) -> None:
        """At once: whoever waits has been promised an answer in time, so the old client leaves in the background."""
        producer, self._producer = self._producer, None
        if producer is not None:
            task = asyncio.get_running_loop().create_task(drop_producer(producer))
            _LEAVING.add(task)
            task.add_done_callback(_LEAVING.discard)

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await stop_producer(producer)
        if _LEAVING:
            await asyncio.wait(_LEAVING)


@asynccontextmanager
async def mouth(settings: Settings, timeout_seconds: float = 10) -> AsyncIterator[KafkaMouth]:
    one = KafkaMouth(settings.kafka_servers, idempotent=settings.kafka_idempotence, timeout_seconds=timeout_seconds)
    try:
        yield one
    finally:
        await one.close()
