"""Imported data on a real MongoDB, behind the real import API on a real socket."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI

from chassis.guard import guard
from chassis.mongo import Database, database
from loa.imports.send import Door
from loa.runtime.ports import free_port
from services.chatbot.imports.api import imports
from services.chatbot.imports.rows import Sealer
from services.chatbot.store import Datasets
from tests.doubles import BODIES, PEPPER
from tests.servers.asgi import serving
from tests.services.chatbot.imports.files import TOKEN


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    name = f"lookups_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as one:
        yield one
        await one.client.drop_database(name)


@pytest.fixture
async def datasets(db: Database) -> Datasets:
    one = Datasets(db)
    await one.prepare()
    return one


@pytest.fixture
async def door(datasets: Datasets, tmp_path: Path) -> AsyncIterator[Door]:
    (tmp_path / "chatbot-api-token").write_text(TOKEN)
    app = FastAPI()
    app.include_router(imports(datasets, Sealer(BODIES, PEPPER), guard(tmp_path, "chatbot-api-token")))
    async with serving(app, free_port()) as url:
        yield Door(url, TOKEN)
