"""Imported data on a real MongoDB, behind the real import API on a real socket."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI

from chassis.guard import require_token
from chassis.mongo import Database, database
from loa.imports.send import ChatbotClient
from loa.runtime.ports import free_port
from services.chatbot.imports.api import import_router
from services.chatbot.imports.rows import Sealer
from services.chatbot.store import Datasets
from tests.doubles import BODIES, PEPPER
from tests.servers.asgi import serving
from tests.services.chatbot.imports.files import TOKEN


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    name = f"lookups_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as mongo_db:
        yield mongo_db
        await mongo_db.client.drop_database(name)


@pytest.fixture
async def datasets(db: Database) -> Datasets:
    store = Datasets(db)
    await store.prepare()
    return store


@pytest.fixture
async def import_client(datasets: Datasets, tmp_path: Path) -> AsyncIterator[ChatbotClient]:
    (tmp_path / "chatbot-api-token").write_text(TOKEN)
    api = FastAPI()
    api.include_router(import_router(datasets, Sealer(BODIES, PEPPER), require_token(tmp_path, "chatbot-api-token")))
    async with serving(api, free_port()) as url:
        yield ChatbotClient(url, TOKEN)
