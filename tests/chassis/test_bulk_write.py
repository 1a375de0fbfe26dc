"""Many writes at once: what is there already stays or is tried again, and nothing else is taken for that."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from chassis.errors import TransientError
from chassis.mongo import Collection, bulk_write, database, translate_errors


@pytest.fixture
async def notes(mongo_url: str) -> AsyncIterator[Collection]:
    async with database(mongo_url, f"bulk_{uuid4().hex[:8]}") as db:
        yield db["notes"]
        await db.client.drop_database(db.name)


def insert(key: str) -> InsertOne[dict[str, Any]]:
    return InsertOne({"_id": key, "text": "mới"})


@pytest.mark.live
async def test_what_is_there_already_stays_and_is_told_by_its_position(notes: Collection) -> None:
    await notes.insert_one({"_id": "b", "text": "cũ"})
    assert await bulk_write(notes, [insert("a"), insert("b"), insert("c")], keep_existing=True) == [1]
    assert await notes.distinct("text", {"_id": "b"}) == ["cũ"]
    assert await notes.count_documents({}) == 3


@pytest.mark.live
async def test_without_that_a_duplicate_is_something_to_try_again(notes: Collection) -> None:
    await notes.insert_one({"_id": "b"})
    with pytest.raises(TransientError):
        await bulk_write(notes, [insert("a"), insert("b")])


@pytest.mark.live
async def test_a_write_that_can_never_be_done_is_no_duplicate(notes: Collection) -> None:
    await notes.insert_one({"_id": "b", "text": "cũ"})
    impossible = UpdateOne({"_id": "b"}, {"$inc": {"text": 1}})
    for keep_existing in (True, False):
        with pytest.raises(BulkWriteError):
            await bulk_write(notes, [insert("b"), impossible], keep_existing=keep_existing)


@pytest.mark.live
async def test_nothing_to_write_asks_nothing(notes: Collection) -> None:
    assert await bulk_write(notes, []) == []


class Refusing:
    """A collection whose bulk writes end in `details`."""

    def __init__(self, details: dict[str, Any]) -> None:
        self.details = details

    async def bulk_write(self, *_: Any, **__: Any) -> None:
        raise BulkWriteError(self.details)


@pytest.mark.parametrize(
    "details",
    [
        {"writeErrors": [{"index": 0, "code": 11_000}], "writeConcernErrors": [{"code": 64}]},
        {"writeErrors": [{"index": 0, "code": 11_000}, {"index": 1, "code": 189}], "writeConcernErrors": []},
        {"writeErrors": [], "writeConcernErrors": [{"code": 64}]},
    ],
)
async def test_a_primary_that_steps_down_in_the_middle_is_tried_again_whatever_else_was_refused(
    details: dict[str, Any],
) -> None:
    refusing: Any = Refusing(details)
    for keep_existing in (True, False):
        with pytest.raises(TransientError):
            await bulk_write(refusing, [insert("a"), insert("b")], keep_existing=keep_existing)


TIME_IS_UP = {"code": 50, "errmsg": "operation exceeded time limit"}


@pytest.mark.parametrize(
    "details",
    [
        {"writeErrors": [{"index": 0, **TIME_IS_UP}], "writeConcernErrors": []},
        {"writeErrors": [], "writeConcernErrors": [TIME_IS_UP]},
        {"writeErrors": [], "writeConcernErrors": [{"code": 64, "errInfo": {"wtimeout": True}}]},
        {"writeErrors": [{"index": 0, "code": 14_031}], "writeConcernErrors": []},
    ],
)
async def test_a_batch_that_ran_out_of_time_or_disk_is_the_servers_fault(details: dict[str, Any]) -> None:
    """Whatever wrote it: `insert_many` raises the same as `bulk_write`, and is not called through it."""
    with pytest.raises(TransientError), translate_errors():
        raise BulkWriteError(details)


async def test_a_batch_that_can_never_be_written_stays_our_fault() -> None:
    with pytest.raises(BulkWriteError), translate_errors():
        raise BulkWriteError({"writeErrors": [{"index": 0, "code": 2}, {"index": 1, **TIME_IS_UP}]})
