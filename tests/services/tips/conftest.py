"""A database of one test's own, the house over it, and a server of files."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from chassis.mongo import Database, database
from services.tips.media.fetch import Fetcher, fetcher
from services.tips.media.links import Hosts
from tests.services.tips.media.cdn import PNG, Cdn, cdn
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


@pytest.fixture
async def server() -> AsyncIterator[Cdn]:
    async with cdn() as one:
        yield one


@pytest.fixture
async def fetching(server: Cdn) -> AsyncIterator[Fetcher]:
    async with fetcher(Hosts.parse(server.host), most_bytes=len(PNG), seconds=10) as one:
        yield one
