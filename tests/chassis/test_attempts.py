"""How often a record was in hand when a process ended: the store and its double promise the same."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from chassis.attempts import Attempts, AttemptStore
from chassis.mongo import database
from chassis.records import Record
from tests.attempts import MemoryAttempts


def record(offset: int, partition: int = 0) -> Record:
    return Record("gateway.messages", partition, offset, b"k", b"v", {})


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.live)])
async def attempts(request: pytest.FixtureRequest) -> AsyncIterator[Attempts]:
    if request.param == "memory":
        yield MemoryAttempts()
        return
    url: Any = request.getfixturevalue("mongo_url")
    name = f"attempts_{uuid4().hex[:8]}"
    async with database(url, name) as db:
        yield AttemptStore(db)
        await db.client.drop_database(name)


async def test_beginning_twice_at_the_same_place_is_suspicious_and_elsewhere_is_not(attempts: Attempts) -> None:
    assert not await attempts.begin([record(5), record(5, partition=1)])
    assert await attempts.begin([record(7), record(5, partition=1)])
    assert not await attempts.begin([record(8)])


async def test_a_record_that_was_in_hand_alone_is_counted_until_the_next_takes_its_place(attempts: Attempts) -> None:
    assert [await attempts.begin_alone(record(5)) for _ in range(3)] == [0, 1, 2]
    assert await attempts.begin([record(5)]), "a process ended with it alone in hand"
    assert await attempts.begin_alone(record(6)) == 0
    assert await attempts.begin_alone(record(5)) == 0


async def test_an_attempt_that_ended_for_another_reason_is_not_counted(attempts: Attempts) -> None:
    await attempts.begin_alone(record(5))
    await attempts.forgive(record(5))
    await attempts.forgive(record(4))
    assert await attempts.begin_alone(record(5)) == 0
