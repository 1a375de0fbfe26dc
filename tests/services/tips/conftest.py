"""A database of one test's own, and the house over it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from chassis.mongo import Database, database
from tests.services.tips.room import Room


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    async with database(mongo_url, f"tips_{uuid4().hex[:12]}") as one:
        yield one
        await one.client.drop_database(one.name)


@pytest.fixture
async def room(db: Database) -> Room:
    made = Room(db)
    await made.house.prepare()
    return made
