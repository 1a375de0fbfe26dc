"""A province's own system, listening, and what stands before it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import aiohttp
import pytest

from chassis.mongo import Database, database
from services.chatbot.lookups.remote import Remote
from services.chatbot.store import LastKnown
from tests.doubles import BODIES, PEPPER
from tests.services.chatbot.webs import System, listening

AS_OF = "2026-03-02T08:00:00+07:00"
KEPT = timedelta(hours=24)


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    name = f"remote_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as one:
        yield one
        await one.client.drop_database(name)


@pytest.fixture
async def known(db: Database) -> LastKnown:
    one = LastKnown(db.last_known, BODIES, PEPPER)
    await one.prepare()
    return one


@pytest.fixture
def system() -> System:
    """Knows one candidate, one plate and one dossier."""
    return System(
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
async def remote(system: System) -> AsyncIterator[Remote]:
    async with listening(system.handle) as host, aiohttp.ClientSession() as session:
        yield Remote("scores", f"http://{host}/", session, "a-token-of-this-test")
