"""An office with five dossiers, on a real MongoDB; a place that citizens' files lie at; the door that papers go out by."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI

from chassis.audit import AuditLog
from chassis.auth import Auth
from chassis.http import create_app
from chassis.mongo import Database, database
from contracts.scopes import Scope
from loa.clients.imports import ChatbotClient
from loa.runtime.ports import free_port
from services.chatbot.app import ROWS as ROW_FORMATS
from services.chatbot.content.content import Content
from services.chatbot.features.dossiers.store.imported import Dossiers
from services.chatbot.lookups.import_api import Importer, import_router
from services.chatbot.lookups.store.datasets import Datasets
from services.chatbot.lookups.store.loads import Loads
from tests.console import AuditTrail, UsedInMemory, allow
from tests.doubles import BODIES, PEPPER
from tests.servers.asgi import serving
from tests.services.chatbot.chatbot_app import ROWS, TOKEN, ChatbotApp, no_remote_systems
from tests.services.chatbot.fake_http import FileServer, listening

NAME = f"office_{uuid4().hex[:8]}"  # One database for all of them: emptied after each test, its indexes made only once.


@pytest.fixture
async def chatbot_app_db(mongo_url: str) -> AsyncIterator[Database]:
    async with database(mongo_url, NAME) as db:
        yield db
        for collection in await db.list_collection_names():
            await db[collection].delete_many({})


@pytest.fixture
async def file_server() -> AsyncIterator[FileServer]:
    server = FileServer()
    async with listening(server.handle) as host:
        server.host = host
        yield server


@pytest.fixture
async def chatbot_app(chatbot_app_db: Database, content: Content, file_server: FileServer) -> AsyncIterator[ChatbotApp]:
    async with no_remote_systems(media_hosts=file_server.host) as remote_systems:
        app = await ChatbotApp.open(chatbot_app_db, content, remote_systems)
        assert await app.load(*ROWS) == []
        yield app


@pytest.fixture
def audit_trail() -> AuditTrail:
    return AuditTrail()


@pytest.fixture
async def chatbot_url(chatbot_app: ChatbotApp, tmp_path: Path, audit_trail: AuditTrail) -> AsyncIterator[str]:
    """Its address."""
    allow(tmp_path, TOKEN, *Scope)
    auth, audit = Auth("chatbot", tmp_path, UsedInMemory()), AuditLog("chatbot", PEPPER, audit_trail.publish)
    api = create_app("chatbot", lambda: True, {}, chatbot_app.routers(auth, audit))
    async with serving(api, free_port()) as url:
        yield url


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    name = f"lookups_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as mongo_db:
        yield mongo_db
        await mongo_db.client.drop_database(name)


@pytest.fixture
def datasets(db: Database) -> Datasets:
    return Datasets(db)


@pytest.fixture
def loads(db: Database, datasets: Datasets) -> Loads:
    return Loads(db, datasets)


@pytest.fixture
async def import_client(loads: Loads, datasets: Datasets, tmp_path: Path) -> AsyncIterator[ChatbotClient]:
    allow(tmp_path, TOKEN, *Scope)
    api = FastAPI()
    importer = Importer(datasets, loads, ROW_FORMATS, BODIES, PEPPER)
    api.include_router(import_router(importer, Auth("chatbot", tmp_path, UsedInMemory())))
    async with serving(api, free_port()) as url:
        yield ChatbotClient(url, TOKEN)


@pytest.fixture
async def dossiers(db: Database, datasets: Datasets) -> Dossiers:
    store = Dossiers(db, datasets, BODIES, PEPPER)
    await store.prepare()
    return store
