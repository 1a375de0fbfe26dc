"""kill -9 in the middle of 2,000 messages of 200 citizens: afterwards each question has exactly one answer, in order."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.journeys.crowd import Crowd, faults
from tests.journeys.province import Province, province
from tests.servers.live import make_kafka, make_mongo, up_again

pytestmark = [pytest.mark.live, pytest.mark.durable, pytest.mark.timeout(300)]

NONE = {"missing": 0, "too many": 0, "out of order": 0}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    """Servers of its own: what is broken here must not break the neighbours."""
    home: Path = tmp_path_factory.mktemp("kill")
    mongo, kafka = make_mongo(home), make_kafka(home)
    mongo.start()
    kafka.start()
    try:
        with province(home, mongo, kafka, RETRY_SCALE="0.02") as one:
            yield one
    finally:
        kafka.process.stop()
        mongo.process.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
async def crowd(own: Province) -> AsyncIterator[Crowd]:
    async with aiohttp.ClientSession() as http:
        one = Crowd(http, own.sandbox, 200)
        await one.gather()
        yield one


@pytest.fixture(autouse=True)
async def keeper(own: Province) -> AsyncIterator[None]:
    """What the process manager does: a house that ended, by us or because its patience did, is started again."""

    async def keep() -> None:
        while True:
            for house in own.houses.values():
                if not house.alive():
                    house.start()
            await asyncio.sleep(0.3)

    task = asyncio.create_task(keep())
    yield
    task.cancel()


@pytest.mark.parametrize("victim", ["chatbot", "notify", "gateway"])
async def test_a_killed_house_loses_nothing_and_says_nothing_twice(own: Province, crowd: Crowd, victim: str) -> None:
    asking = asyncio.create_task(crowd.ask_all(0.4))
    for _ in range(3):
        await asyncio.sleep(0.9)
        own.houses[victim].kill()
        await asyncio.sleep(0.5)
        await asyncio.to_thread(own.houses[victim].await_ready)
    await asking
    assert faults(crowd, await crowd.answers()) == NONE


async def test_a_restarted_database_loses_nothing(own: Province, crowd: Crowd) -> None:
    asking = asyncio.create_task(crowd.ask_all(0.6))
    await asyncio.sleep(1.5)
    own.mongo.kill()
    await up_again(own.mongo)
    await asking
    assert faults(crowd, await crowd.answers()) == NONE


async def test_a_restarted_broker_loses_nothing(own: Province, crowd: Crowd) -> None:
    asking = asyncio.create_task(crowd.ask_all(0.6))
    await asyncio.sleep(1.5)
    own.broker.kill()
    await up_again(own.broker)
    await asking
    assert faults(crowd, await crowd.answers()) == NONE
