"""One province for the journeys that leave it as they found it; those that break things start their own."""

import shutil
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.journeys.content import always_open
from tests.journeys.province import POLICE, Citizen, Province, new_citizen, province
from tests.journeys.transcript import Meet, Talk
from tests.servers.live import LiveBroker, LiveMongo


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory, mongo: LiveMongo, broker: LiveBroker) -> Iterator[Province]:
    home = tmp_path_factory.mktemp("province")
    with province(home, mongo, broker, CONTENT_DIR=str(always_open(home / "content"))) as one:
        yield one
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one


@pytest.fixture
async def citizen(whole: Province, http: aiohttp.ClientSession) -> Citizen:
    return await new_citizen(http, whole.sandbox)


@pytest.fixture
def meet(whole: Province, http: aiohttp.ClientSession) -> Meet:
    """Awaited, with an OA's id: somebody new who writes to it."""

    async def someone(oa_id: str = POLICE, **files: bytes) -> Talk:
        person = await new_citizen(http, whole.sandbox)
        person.oa_id = oa_id
        return Talk(person, {name.replace("_", "."): data for name, data in files.items()})

    return someone
