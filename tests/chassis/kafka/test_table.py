"""Topics that every replica reads whole, and how far another service has come with one: against a real broker."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from chassis.kafka import GroupWatch, KafkaTable, is_read, read_whole
from contracts import gateway
from contracts.floor import Holder
from contracts.gateway import FloorMoved
from loa.testkit.servers import LiveBroker
from tests.chassis.brokers import KafkaBroker
from tests.doubles import NOON, make_event, message_received, to_tips
from tests.events import encoded
from tests.waiting import until

pytestmark = pytest.mark.live

SECONDS = 30


@pytest.fixture
async def kafka_broker(broker: LiveBroker) -> KafkaBroker:
    return await KafkaBroker(broker.servers).prepare()


async def running(run: Callable[[], Awaitable[None]], check: Callable[[], Awaitable[None]]) -> None:
    task = asyncio.ensure_future(run())
    try:
        await check()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def moved(user: str) -> FloorMoved:
    return make_event(FloorMoved, user=user, holder=Holder.TIPS, since=NOON)


async def test_a_table_has_what_was_there_and_what_comes_and_says_when_it_is_whole(kafka_broker: KafkaBroker) -> None:
    await kafka_broker.put([encoded(moved(f"9{n}"), prefix=kafka_broker.prefix) for n in range(20)])
    seen: list[bytes] = []
    table = KafkaTable(kafka_broker.settings, [gateway.FLOORS], lambda record: seen.append(record.key))
    assert not table.is_whole

    async def check() -> None:
        await until(lambda: table.is_whole, SECONDS)
        assert len(seen) == 20
        await kafka_broker.put([encoded(moved("later"), prefix=kafka_broker.prefix)])
        await until(lambda: len(seen) == 21, SECONDS)

    await running(table.run, check)


async def test_a_group_that_commits_nothing_while_records_wait_is_seen_to_stand_still(
    kafka_broker: KafkaBroker,
) -> None:
    watch = GroupWatch(kafka_broker.settings, "tips", gateway.TIPS)

    async def check() -> None:
        assert watch.stalled_seconds == 0
        await kafka_broker.put([encoded(to_tips(message_received("#tinbao")), prefix=kafka_broker.prefix)])
        await until(lambda: watch.stalled_seconds > 0.5, SECONDS)

    await running(watch.run, check)


async def test_whether_all_of_an_hour_is_read_is_asked_of_what_the_group_has_committed(
    kafka_broker: KafkaBroker,
) -> None:
    settings, group = kafka_broker.settings, f"{kafka_broker.prefix}tips"
    topics = [kafka_broker.prefix + gateway.TIPS]
    assert await is_read(settings, group, topics, datetime.now(UTC))
    await kafka_broker.put([encoded(to_tips(message_received("#tinbao")), prefix=kafka_broker.prefix)])
    assert not await is_read(settings, group, topics, datetime.now(UTC) + timedelta(hours=1))
    assert await is_read(settings, group, topics, datetime.now(UTC) - timedelta(hours=1))
    assert len(await read_whole(settings.kafka_servers, topics[0])) == 1
