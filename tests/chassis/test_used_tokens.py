"""An acting token is good once on all replicas together."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from chassis import mongo
from chassis.errors import TransientError
from chassis.mongo import Database, database
from chassis.used_tokens import MongoUsedTokens

UNTIL = datetime.now(UTC) + timedelta(minutes=1)


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    async with database(mongo_url, f"auth_{uuid4().hex[:12]}") as mongo_db:
        yield mongo_db
        await mongo_db.client.drop_database(mongo_db.name)


async def test_of_many_replicas_at_once_one_accepts_it(db: Database) -> None:
    replicas = [MongoUsedTokens(db) for _ in range(8)]
    await replicas[0].prepare()
    accepted = await asyncio.gather(*(replica.use("a-token", UNTIL) for replica in replicas))
    assert sum(accepted) == 1
    assert not await replicas[0].use("a-token", UNTIL)
    assert await replicas[0].use("another", UNTIL)


async def test_mongodb_forgets_a_token_only_after_its_end(db: Database) -> None:
    used = MongoUsedTokens(db)
    await used.prepare()
    await used.use("a-token", UNTIL)
    indexes = await db["used_acting_tokens"].index_information()
    document = await db["used_acting_tokens"].find_one({"_id": "a-token"})
    assert indexes["until_1"]["expireAfterSeconds"] == 0
    assert document
    assert document["until"] > UNTIL


async def test_without_mongodb_nobody_acts_and_the_token_may_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo, "_TIMEOUT_MS", 100)
    async with database("mongodb://127.0.0.1:1", "nothing") as away:
        used = MongoUsedTokens(away)
        for _ in range(2):
            with pytest.raises(TransientError):
                await used.use("a-token", UNTIL)
