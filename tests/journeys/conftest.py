"""One province for the journeys that leave it as they found it; those that break things start their own."""

import shutil
from collections.abc import AsyncIterator, Iterator
from functools import partial

import aiohttp
import pytest

from loa.testkit.quiet import quiet
from loa.testkit.servers import LiveBroker, LiveMongo
from loa.testkit.system import POLICE, Citizen, FullSystem, full_system, new_citizen
from tests.journeys.always_open_content import always_open
from tests.journeys.chat_script import ScriptedChat, StartChat


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory, mongo: LiveMongo, broker: LiveBroker) -> Iterator[FullSystem]:
    home = tmp_path_factory.mktemp("province")
    with full_system(home, mongo, broker, CONTENT_DIR=str(always_open(home / "content"))) as running:
        yield running
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def citizen(system: FullSystem, http: aiohttp.ClientSession) -> Citizen:
    return await new_citizen(http, system.sandbox)


@pytest.fixture
def start_chat(system: FullSystem, http: aiohttp.ClientSession) -> StartChat:
    """Awaited, with an OA's id: somebody new who writes to it."""

    async def someone(oa_id: str = POLICE, **files: bytes) -> ScriptedChat:
        person = await new_citizen(http, system.sandbox)
        person.oa_id = oa_id
        named = {name.replace("_", "."): data for name, data in files.items()}
        return ScriptedChat(person, named, partial(quiet, system))

    return someone
