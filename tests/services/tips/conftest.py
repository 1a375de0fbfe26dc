"""A database of one test's own, the service over it, and a server of files."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from chassis.fetch import AllowedHosts
from chassis.mongo import Database, database
from chassis.service import prepare
from services.tips.media.fetch import MediaFetcher, open_media_fetcher
from tests.services.tips.media.cdn import PNG, Cdn, cdn
from tests.services.tips.tips_app import TipsApp


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    async with database(mongo_url, f"tips_{uuid4().hex[:12]}") as mongo_db:
        yield mongo_db
        await mongo_db.client.drop_database(mongo_db.name)


@pytest.fixture
async def tips_app(db: Database) -> TipsApp:
    tips_app = TipsApp(db)
    await prepare(tips_app.stores.all())
    return tips_app


@pytest.fixture
async def server() -> AsyncIterator[Cdn]:
    async with cdn() as server:
        yield server


@pytest.fixture
async def media_fetcher(server: Cdn) -> AsyncIterator[MediaFetcher]:
    hosts = AllowedHosts.parse("MEDIA_HOSTS", server.host)
    async with open_media_fetcher(hosts, max_bytes=len(PNG), seconds=10) as media_fetcher:
        yield media_fetcher
