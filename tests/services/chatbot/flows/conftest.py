"""An office with five dossiers, on a real MongoDB; a place that citizens' files lie at; the door that papers go out by."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI

from chassis.guard import guard
from chassis.mongo import Database, database
from loa.runtime.ports import free_port
from services.chatbot.api_dossiers import dossiers, kept_papers
from services.chatbot.content.content import Content
from tests.servers.asgi import serving
from tests.services.chatbot.office import ROWS, TOKEN, Office, nothing_outside
from tests.services.chatbot.webs import Shelf, listening

NAME = f"office_{uuid4().hex[:8]}"  # One database for all of them: emptied after each test, its indexes made only once.


@pytest.fixture
async def office_db(mongo_url: str) -> AsyncIterator[Database]:
    async with database(mongo_url, NAME) as db:
        yield db
        for collection in await db.list_collection_names():
            await db[collection].delete_many({})


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    one = Shelf()
    async with listening(one.handle) as host:
        one.host = host
        yield one


@pytest.fixture
async def office(office_db: Database, content: Content, shelf: Shelf) -> AsyncIterator[Office]:
    async with nothing_outside(media_hosts=shelf.host) as beyond:
        one = await Office.open(office_db, content, beyond)
        assert await one.load(*ROWS) == []
        yield one


@pytest.fixture
async def door(office: Office, tmp_path: Path) -> AsyncIterator[str]:
    """Its address."""
    (tmp_path / "chatbot-api-token").write_text(TOKEN)
    app = FastAPI()
    app.include_router(dossiers(office.changes, guard(tmp_path, "chatbot-api-token")))
    app.include_router(kept_papers(office.wired.filing.links))
    async with serving(app, free_port()) as url:
        yield url
