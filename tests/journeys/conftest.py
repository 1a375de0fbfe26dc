"""One province for the journeys that leave it as they found it; those that break things start their own."""

import shutil
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.journeys.province import Citizen, Province, new_citizen, province
from tests.servers.live import LiveBroker, LiveMongo


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory, mongo: LiveMongo, broker: LiveBroker) -> Iterator[Province]:
    home = tmp_path_factory.mktemp("province")
    with province(home, mongo, broker) as one:
        yield one
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
async def citizen(whole: Province) -> AsyncIterator[Citizen]:
    async with aiohttp.ClientSession() as http:
        yield await new_citizen(http, whole.sandbox)
