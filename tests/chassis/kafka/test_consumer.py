"""Hearing from a real Kafka when something is wrong with it, with the group, or with the client itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from importlib import import_module

import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import Counter, Gauge

from chassis.errors import TransientError
from chassis.kafka import KafkaConsumer, ensure_topics
from chassis.metrics import CONSUMER_STALLED, LAG, REBALANCES
from chassis.records import Record
from contracts import gateway
from contracts.catalogue import DEAD
from loa.runtime.ports import free_port
from loa.testkit.servers import LiveBroker
from tests.chassis.brokers import SERVICE, KafkaBroker, publish
from tests.chassis.loop_harness import LoopHarness, process_until_settled
from tests.doubles import message_received

pytestmark = [pytest.mark.live, pytest.mark.durable]
Freeze = Callable[[], AbstractContextManager[None]]
CONSUMER_MODULE = import_module("chassis.kafka.consumer")


@pytest.fixture
async def consumer(broker_env: KafkaBroker) -> AsyncIterator[KafkaConsumer]:
    connected = broker_env.consumer()
    yield connected
    await connected.close()


async def polled(consumer: KafkaConsumer, seconds: float = 20) -> list[Record]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if records := await consumer.poll():
            return list(records)
    raise AssertionError("nothing was heard")


def count(metric: Counter | Gauge, *labels: str) -> float:
    return float((metric.labels(*labels) if labels else metric)._value.get())


async def test_a_consumer_that_stands_still_with_records_waiting_is_replaced(
    broker_env: KafkaBroker, consumer: KafkaConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paused by hand, it does what one does that has fallen silent: it polls, it heartbeats, and gives out nothing."""
    monkeypatch.setattr(CONSUMER_MODULE, "_STALLED_SECONDS", 1.0)
    await publish(broker_env, message_received())
    await consumer.commit(await polled(consumer))
    silent, before = consumer._consumer, count(CONSUMER_STALLED)
    assert silent is not None
    silent.pause(*silent.assignment())
    await publish(broker_env, second := message_received())
    (record,) = await polled(consumer)
    assert record.value == second.model_dump_json().encode()
    assert count(CONSUMER_STALLED) == before + 1
    assert consumer._consumer is not silent


async def test_a_quiet_topic_is_no_reason_to_replace_anyone(
    consumer: KafkaConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CONSUMER_MODULE, "_STALLED_SECONDS", 0.2)
    await consumer.poll()
    client, before = consumer._consumer, count(CONSUMER_STALLED)
    for _ in range(4):
        await consumer.poll()
    assert consumer._consumer is client
    assert count(CONSUMER_STALLED) == before


async def test_a_broker_that_is_away_is_not_blamed_on_the_consumer(
    consumer: KafkaConsumer, frozen: Freeze, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CONSUMER_MODULE, "_STALLED_SECONDS", 0.2)
    monkeypatch.setattr(CONSUMER_MODULE, "_COMMIT_SECONDS", 0.3)
    await consumer.poll()
    client = consumer._consumer
    with frozen():
        for _ in range(3):
            assert await consumer.poll() == []
    assert consumer._consumer is client


async def test_a_spare_member_is_left_in_peace_and_leaves_the_others_in_peace(
    kafka: LiveBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More replicas than partitions: the one without any must not be taken for stuck, over and over."""
    monkeypatch.setattr(CONSUMER_MODULE, "_STALLED_SECONDS", 0.2)
    broker_env = KafkaBroker(kafka.servers)
    await ensure_topics(kafka.servers, 1, broker_env.prefix)
    busy, spare = broker_env.consumer(), broker_env.consumer()
    await busy.poll()
    await asyncio.gather(busy.poll(), spare.poll())
    changes, members = count(REBALANCES, "assigned"), (busy._consumer, spare._consumer)
    for _ in range(4):
        await asyncio.gather(busy.poll(), spare.poll())
    assert (busy._consumer, spare._consumer) == members
    assert count(REBALANCES, "assigned") == changes
    await asyncio.gather(busy.close(), spare.close())
    await broker_env.close()


async def test_closing_before_a_frozen_broker_is_bounded_and_leaves_no_task_behind(
    broker_env: KafkaBroker, frozen: Freeze
) -> None:
    """A heartbeat that lived on would keep partitions that nobody reads."""
    before, consumer = asyncio.all_tasks(), broker_env.consumer()
    await consumer.poll()
    with frozen():
        started = time.monotonic()
        await consumer.close()
        assert time.monotonic() - started < 8
    await asyncio.sleep(0.2)
    assert asyncio.all_tasks() - before == set()


async def test_joining_without_a_broker_is_the_world_s_fault_and_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    broker_env = KafkaBroker(f"127.0.0.1:{free_port()}")
    consumer = broker_env.consumer()
    with pytest.raises(TransientError, match="KAFKA_SERVERS"):
        await consumer.poll()
    await consumer.close()
    assert asyncio.all_tasks() - before == set()


async def test_headers_and_values_that_are_null_are_read(broker_env: KafkaBroker, consumer: KafkaConsumer) -> None:
    topic = broker_env.prefix + gateway.MESSAGES
    async with AIOKafkaProducer(bootstrap_servers=broker_env.settings.kafka_servers) as foreign:
        await foreign.send_and_wait(topic, None, key=b"k", headers=[("ce_type", None), ("x", b"y")])
    (record,) = await polled(consumer)
    assert (record.key, record.value, record.headers) == (b"k", b"", {"ce_type": b"", "x": b"y"})


async def test_the_largest_record_the_broker_takes_can_be_dead_lettered(broker_env: KafkaBroker) -> None:
    largest = b"?" * (1024 * 1024 - 200)
    async with AIOKafkaProducer(bootstrap_servers=broker_env.settings.kafka_servers, max_request_size=2**21) as foreign:
        await foreign.send_and_wait(broker_env.prefix + gateway.MESSAGES, largest, key=b"k", headers=[("x", b"y" * 50)])
    loop_harness = LoopHarness(broker_env)
    await process_until_settled(loop_harness.loop(), broker_env, 1)
    await loop_harness.close()
    (dead_letter,) = await broker_env.records(DEAD[SERVICE])
    assert dead_letter.value == largest


async def test_what_waits_on_the_log_is_shown_even_when_nothing_is_taken(
    broker_env: KafkaBroker, consumer: KafkaConsumer
) -> None:
    consumer._settings = consumer._settings.model_copy(update={"batch_records": 10})
    await publish(broker_env, *(message_received(user="901") for _ in range(30)))
    await consumer.commit(await polled(consumer))
    consumer._measured_at = 0
    await consumer.poll()
    assert count(LAG, gateway.MESSAGES) == 20
