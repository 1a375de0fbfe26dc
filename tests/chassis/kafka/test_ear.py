"""Hearing from a real Kafka when something is wrong with it, with the group, or with the client itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from importlib import import_module

import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import Counter, Gauge

from chassis.blame import Transient
from chassis.kafka import KafkaEar, ensure_topics
from chassis.metrics import LAG, REBALANCES, STUCK
from chassis.types import Record
from contracts import gateway
from contracts.catalogue import DEAD
from loa.runtime.ports import free_port
from tests.chassis.house import House, turn_until_settled
from tests.chassis.worlds import HOUSE, OnKafka, tell
from tests.doubles import heard
from tests.servers.live import LiveBroker

pytestmark = [pytest.mark.live, pytest.mark.durable]
Freeze = Callable[[], AbstractContextManager[None]]
EAR = import_module("chassis.kafka.ear")


@pytest.fixture
async def ear(world: OnKafka) -> AsyncIterator[KafkaEar]:
    one = world.ear()
    yield one
    await one.close()


async def gathered(ear: KafkaEar, seconds: float = 20) -> list[Record]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if records := await ear.gather():
            return list(records)
    raise AssertionError("nothing was heard")


def count(metric: Counter | Gauge, *labels: str) -> float:
    return float((metric.labels(*labels) if labels else metric)._value.get())


async def test_a_consumer_that_stands_still_with_records_waiting_is_replaced(
    world: OnKafka, ear: KafkaEar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paused by hand, it does what one does that has fallen silent: it polls, it heartbeats, and gives out nothing."""
    monkeypatch.setattr(EAR, "_STUCK_SECONDS", 1.0)
    await tell(world, heard())
    await ear.done(await gathered(ear))
    silent, before = ear._consumer, count(STUCK)
    assert silent is not None
    silent.pause(*silent.assignment())
    await tell(world, second := heard())
    (record,) = await gathered(ear)
    assert record.value == second.model_dump_json().encode()
    assert count(STUCK) == before + 1
    assert ear._consumer is not silent


async def test_a_quiet_topic_is_no_reason_to_replace_anyone(ear: KafkaEar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EAR, "_STUCK_SECONDS", 0.2)
    await ear.gather()
    consumer, before = ear._consumer, count(STUCK)
    for _ in range(4):
        await ear.gather()
    assert ear._consumer is consumer
    assert count(STUCK) == before


async def test_a_broker_that_is_away_is_not_blamed_on_the_consumer(
    ear: KafkaEar, frozen: Freeze, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EAR, "_STUCK_SECONDS", 0.2)
    monkeypatch.setattr(EAR, "_COMMIT_SECONDS", 0.3)
    await ear.gather()
    consumer = ear._consumer
    with frozen():
        for _ in range(3):
            assert await ear.gather() == []
    assert ear._consumer is consumer


async def test_a_spare_member_is_left_in_peace_and_leaves_the_others_in_peace(
    kafka: LiveBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More replicas than partitions: the one without any must not be taken for stuck, over and over."""
    monkeypatch.setattr(EAR, "_STUCK_SECONDS", 0.2)
    world = OnKafka(kafka.servers)
    await ensure_topics(kafka.servers, 1, world.prefix)
    busy, spare = world.ear(), world.ear()
    await busy.gather()
    await asyncio.gather(busy.gather(), spare.gather())
    changes, members = count(REBALANCES, "assigned"), (busy._consumer, spare._consumer)
    for _ in range(4):
        await asyncio.gather(busy.gather(), spare.gather())
    assert (busy._consumer, spare._consumer) == members
    assert count(REBALANCES, "assigned") == changes
    await asyncio.gather(busy.close(), spare.close())
    await world.close()


async def test_closing_before_a_frozen_broker_is_bounded_and_leaves_no_task_behind(
    world: OnKafka, frozen: Freeze
) -> None:
    """A heartbeat that lived on would keep partitions that nobody reads."""
    before, ear = asyncio.all_tasks(), world.ear()
    await ear.gather()
    with frozen():
        started = time.monotonic()
        await ear.close()
        assert time.monotonic() - started < 8
    await asyncio.sleep(0.2)
    assert asyncio.all_tasks() - before == set()


async def test_joining_without_a_broker_is_the_world_s_fault_and_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    world = OnKafka(f"127.0.0.1:{free_port()}")
    ear = world.ear()
    with pytest.raises(Transient, match="KAFKA_SERVERS"):
        await ear.gather()
    await ear.close()
    assert asyncio.all_tasks() - before == set()


async def test_headers_and_values_that_are_null_are_read(world: OnKafka, ear: KafkaEar) -> None:
    topic = world.prefix + gateway.MESSAGES
    async with AIOKafkaProducer(bootstrap_servers=world.settings.kafka_servers) as foreign:
        await foreign.send_and_wait(topic, None, key=b"k", headers=[("ce_type", None), ("x", b"y")])
    (record,) = await gathered(ear)
    assert (record.key, record.value, record.headers) == (b"k", b"", {"ce_type": b"", "x": b"y"})


async def test_the_largest_record_the_broker_takes_can_be_buried(world: OnKafka) -> None:
    largest = b"?" * (1024 * 1024 - 200)
    async with AIOKafkaProducer(bootstrap_servers=world.settings.kafka_servers, max_request_size=2**21) as foreign:
        await foreign.send_and_wait(world.prefix + gateway.MESSAGES, largest, key=b"k", headers=[("x", b"y" * 50)])
    house = House(world)
    await turn_until_settled(house.loop(), world, 1)
    await house.close()
    (buried,) = await world.records(DEAD[HOUSE])
    assert buried.value == largest


async def test_what_waits_on_the_log_is_shown_even_when_nothing_is_taken(world: OnKafka, ear: KafkaEar) -> None:
    ear._settings = ear._settings.model_copy(update={"batch_records": 10})
    await tell(world, *(heard(user="901") for _ in range(30)))
    await ear.done(await gathered(ear))
    ear._measured_at = 0
    await ear.gather()
    assert count(LAG, gateway.MESSAGES) == 20
