"""kill -9 in the middle of 2,000 messages of 200 citizens: afterwards each question has exactly one answer, in order."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from loa.testkit.load import CitizenLoad, faults
from loa.testkit.servers import make_kafka, make_mongo, up_again
from loa.testkit.system import FullSystem, full_system
from tests.waiting import until

pytestmark = [pytest.mark.live, pytest.mark.durable, pytest.mark.timeout(300)]

NONE = {"missing": 0, "too many": 0, "out of order": 0}


@pytest.fixture(scope="module")
def own_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FullSystem]:
    """Servers of its own: what is broken here must not break the neighbours."""
    home: Path = tmp_path_factory.mktemp("kill")
    mongo, kafka = make_mongo(home), make_kafka(home)
    mongo.start()
    kafka.start()
    try:
        with full_system(home, mongo, kafka, RETRY_SCALE="0.02") as running:
            yield running
    finally:
        kafka.process.stop()
        mongo.process.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
async def load(own_system: FullSystem) -> AsyncIterator[CitizenLoad]:
    async with aiohttp.ClientSession() as http:
        load = CitizenLoad(http, own_system, 200)
        await load.create_citizens()
        yield load


@pytest.fixture(autouse=True)
async def supervisor(own_system: FullSystem) -> AsyncIterator[None]:
    """What the process manager does: a service that ended, by us or because its patience did, is started again."""

    async def supervise() -> None:
        while True:
            for service in own_system.services.values():
                if not service.alive():
                    service.start()
            await asyncio.sleep(0.3)

    task = asyncio.create_task(supervise())
    yield
    task.cancel()


async def until_sent(load: CitizenLoad, messages: int) -> None:
    """Until the citizens have written so many, and wait for answers to the last of them."""
    await until(lambda: load.sent >= messages, seconds=120)


@pytest.mark.parametrize("victim", ["chatbot", "notify", "gateway"])
@pytest.mark.parametrize("kills", [1, pytest.param(3, marks=pytest.mark.verify)])
async def test_a_killed_service_loses_nothing_and_says_nothing_twice(
    own_system: FullSystem, load: CitizenLoad, victim: str, kills: int
) -> None:
    service = own_system.services[victim]
    asking = asyncio.create_task(load.ask_all(0.4))
    for kill in range(1, kills + 1):
        await until_sent(load, 2 * kill * load.size)
        service.kill()
        await until(service.alive, seconds=60)
        await asyncio.to_thread(service.await_ready)
    await asking
    assert faults(load, await load.answers()) == NONE


async def test_a_restarted_database_loses_nothing(own_system: FullSystem, load: CitizenLoad) -> None:
    asking = asyncio.create_task(load.ask_all(0.6))
    await until_sent(load, 2 * load.size)
    own_system.mongo.kill()
    await up_again(own_system.mongo)
    await asking
    assert faults(load, await load.answers()) == NONE


async def test_a_restarted_broker_loses_nothing(own_system: FullSystem, load: CitizenLoad) -> None:
    asking = asyncio.create_task(load.ask_all(0.6))
    await until_sent(load, 2 * load.size)
    own_system.broker.kill()
    await up_again(own_system.broker)
    await asking
    assert faults(load, await load.answers()) == NONE
