"""A province's own system, listening, and what stands before it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import aiohttp
import pytest

from chassis.mongo import Database, database
from services.chatbot.lookups.http import RemoteSystem
from services.chatbot.lookups.store.last_known import StaleCache
from tests.doubles import BODIES, PEPPER
from tests.services.chatbot.fake_http import FakeSystem, listening

AS_OF = "2026-03-02T08:00:00+07:00"
STALE_FOR = timedelta(hours=24)


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    name = f"remote_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as mongo_db:
        yield mongo_db
        await mongo_db.client.drop_database(name)


@pytest.fixture
async def stale_cache(db: Database) -> StaleCache:
    cache = StaleCache(db.last_known, BODIES, PEPPER)
    await cache.prepare()
    return cache


@pytest.fixture
def system() -> FakeSystem:
    """Knows one candidate, one plate and one dossier."""
    return FakeSystem(
        {
            "/find": lambda body: (
                {
                    "source": "Sở Thử nghiệm",
                    "as_of": AS_OF,
                    "number": body["number"],
                    "exam": "Kỳ thi thử",
                    "marks": {"Toán": 8.5},
                }
                if body["number"].startswith("37")
                else None
            ),
            "/about": lambda _: {"named": False},
        }
    )


@pytest.fixture
async def remote(system: FakeSystem) -> AsyncIterator[RemoteSystem]:
    async with listening(system.handle) as host, aiohttp.ClientSession() as session:
        yield RemoteSystem("scores", f"http://{host}/", session, "a-token-of-this-test")
