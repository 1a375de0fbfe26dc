"""What is set aside is left out, listed, and tried again by command: the store and its double alike."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.mongo import database
from chassis.parked import ParkedItem, ParkedItems, ParkedStore
from loa.testkit.servers import LiveMongo
from tests.doubles import NOON
from tests.parked import MemoryParked

LATER = NOON + timedelta(minutes=1)


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.live)])
async def parked(request: pytest.FixtureRequest) -> AsyncIterator[ParkedItems]:
    if request.param == "memory":
        yield MemoryParked()
        return
    mongo: LiveMongo = request.getfixturevalue("mongo")
    async with database(mongo.url, f"parked_{uuid4().hex[:8]}") as db:
        store = ParkedStore(db)
        await store.prepare()
        yield store
        await db.client.drop_database(db.name)


async def test_a_job_leaves_out_its_own_parked_items(parked: ParkedItems) -> None:
    await parked.park("reminders", "a", "ValueError", NOON)
    await parked.park("timers", "b", "KeyError", NOON)
    assert await parked.keys("reminders") == {"a"}
    assert await parked.keys("housekeeping") == frozenset()


async def test_what_is_parked_is_listed_with_its_reason_the_oldest_first(parked: ParkedItems) -> None:
    await parked.park("timers", "b", "KeyError", LATER)
    await parked.park("reminders", "a", "ValueError", NOON)
    items = [ParkedItem("reminders", "a", "ValueError", NOON, 1), ParkedItem("timers", "b", "KeyError", LATER, 1)]
    assert await parked.list(None, 10) == items
    assert await parked.list("timers", 10) == items[1:]
    assert await parked.list(None, 1) == items[:1]


async def test_what_is_redriven_is_tried_again_and_parked_again_it_tells_how_often(parked: ParkedItems) -> None:
    await parked.park("reminders", "a", "ValueError", NOON)
    assert await parked.redrive("reminders", None, NOON) == 1
    assert await parked.keys("reminders") == frozenset()
    assert await parked.list(None, 10) == []
    await parked.park("reminders", "a", "ValueError", LATER)
    assert await parked.list(None, 10) == [ParkedItem("reminders", "a", "ValueError", LATER, 2)]


async def test_one_item_alone_can_be_redriven(parked: ParkedItems) -> None:
    for key in "ab":
        await parked.park("reminders", key, "ValueError", NOON)
    assert await parked.redrive("reminders", "a", LATER) == 1
    assert await parked.redrive("reminders", "a", LATER) == 0
    assert await parked.redrive("timers", "b", LATER) == 0
    assert await parked.keys("reminders") == {"b"}
