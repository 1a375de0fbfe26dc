"""Saying to a real Kafka that is away, frozen or back again: bounded in time, and nothing left behind."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from chassis.errors import TransientError
from chassis.kafka import KafkaProducer
from chassis.records import OutgoingRecord
from contracts import chatbot
from loa.runtime.ports import free_port
from tests.chassis.brokers import KafkaBroker

LATE_SECONDS = 1.5  # For what is given half a second, on a machine that has other things to do.

pytestmark = [pytest.mark.live, pytest.mark.durable]
Freeze = Callable[[], AbstractContextManager[None]]


@pytest.fixture
async def producer(broker_env: KafkaBroker) -> AsyncIterator[KafkaProducer]:
    connected = broker_env.producer()
    yield connected
    await connected.close()


def record_of(broker_env: KafkaBroker, value: bytes = b"{}", key: bytes = b"k") -> OutgoingRecord:
    return OutgoingRecord(broker_env.prefix + chatbot.EVENTS, key, value, {})


async def refused_after(producer: KafkaProducer, record: OutgoingRecord, limit: float) -> float:
    started = time.monotonic()
    with pytest.raises(TransientError):
        await producer.send([record], timeout_seconds=limit)
    return time.monotonic() - started


async def test_a_producer_that_times_out_gets_a_new_client_and_the_record_is_sent(
    broker_env: KafkaBroker, producer: KafkaProducer, frozen: Freeze
) -> None:
    await producer.send([record_of(broker_env, b"before")])
    old = producer._producer
    with frozen():
        assert await refused_after(producer, record_of(broker_env, b"lost"), 0.5) < LATE_SECONDS
        assert await refused_after(producer, record_of(broker_env, b"lost"), 0.5) < LATE_SECONDS, (
            "nor while it is made anew"
        )
    await producer.send([record_of(broker_env, b"after")])
    assert producer._producer is not old
    values = [record.value for record in await broker_env.records(chatbot.EVENTS)]
    assert values[0] == b"before"
    assert values[-1] == b"after", "what was given up does not arrive behind what was said later"


async def test_a_broker_that_is_not_there_is_told_in_time() -> None:
    producer = KafkaProducer(f"127.0.0.1:{free_port()}")
    assert await refused_after(producer, OutgoingRecord("t", b"k", b"v", {}), 0.5) < LATE_SECONDS
    await producer.close()


async def test_abandoned_and_closed_producers_leave_no_task_behind(broker_env: KafkaBroker, frozen: Freeze) -> None:
    """One that lived on would hold sockets for ever, and deliver what was taken back."""
    before, producer = asyncio.all_tasks(), broker_env.producer()
    await producer.send([record_of(broker_env)])
    with frozen():
        for _ in range(3):
            await refused_after(producer, record_of(broker_env), 0.2)
        started = time.monotonic()
        await producer.close()
        assert time.monotonic() - started < 7
    await asyncio.sleep(0.2)
    assert asyncio.all_tasks() - before == set()


async def test_who_waits_in_vain_for_its_turn_takes_nobody_s_producer_away(
    producer: KafkaProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many webhooks at once: the impatient ones must not break the one that is being said."""
    client: Any = object()

    async def slow(*_: object) -> None:
        await asyncio.sleep(1)

    producer._producer = client
    monkeypatch.setattr(producer, "_send", slow)  # Only the turns are looked at.
    patient = asyncio.ensure_future(producer.send([OutgoingRecord("t", b"k", b"v", {})]))
    await asyncio.sleep(0)
    assert await refused_after(producer, OutgoingRecord("t", b"k", b"v", {}), 0.05) < 0.8
    await patient
    assert producer._producer is client
    producer._producer = None


async def test_large_words_and_many_words_arrive_in_order(broker_env: KafkaBroker, producer: KafkaProducer) -> None:
    """Larger than one produce batch, and more than are handed to the client at once."""
    large = [record_of(broker_env, bytes([65 + n]) * 300_000) for n in range(4)]
    many = [record_of(broker_env, str(n).encode()) for n in range(6_000)]
    await producer.send([*large, *many])
    values = [record.value for record in await broker_env.records(chatbot.EVENTS)]
    assert values == [record.value for record in (*large, *many)]


async def test_a_topic_that_does_not_exist_is_told_in_time(producer: KafkaProducer) -> None:
    assert await refused_after(producer, OutgoingRecord("no.such.topic", b"k", b"v", {}), 0.5) < LATE_SECONDS


async def test_a_probe_raises_while_the_broker_is_frozen_and_is_calm_when_it_is_back(
    producer: KafkaProducer, frozen: Freeze
) -> None:
    await producer.probe()
    with frozen(), pytest.raises(TransientError, match="KAFKA_SERVERS"):
        await producer.probe(0.3)
    await producer.probe()
