"""An office with five dossiers, on a real MongoDB."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from chassis.mongo import Database, database
from services.chatbot.content.content import Content
from tests.services.chatbot.office import ROWS, Office, nothing_outside

NAME = f"office_{uuid4().hex[:8]}"  # One database for all of them: emptied after each test, its indexes made only once.


@pytest.fixture
async def office_db(mongo_url: str) -> AsyncIterator[Database]:
    async with database(mongo_url, NAME) as db:
        yield db
        for collection in await db.list_collection_names():
            await db[collection].delete_many({})


@pytest.fixture
async def office(office_db: Database, content: Content) -> AsyncIterator[Office]:
    async with nothing_outside() as beyond:
        one = await Office.open(office_db, content, beyond)
        assert await one.load(*ROWS) == []
        yield one
