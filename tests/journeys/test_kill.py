"""A short night of chaos on two replicas of each service: afterwards each question has exactly one answer, in order."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bench import faults
from bench.chaos import storm
from loa.testkit.load import CitizenLoad
from loa.testkit.operations import Findings
from loa.testkit.servers import make_kafka, make_mongo
from loa.testkit.system import FullSystem, full_system

pytestmark = [pytest.mark.live, pytest.mark.durable, pytest.mark.timeout(600)]

CITIZENS, SEED = 60, 7


@pytest.fixture(scope="module")
def own_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FullSystem]:
    """Servers of its own: what is broken here must not break the neighbours."""
    home: Path = tmp_path_factory.mktemp("kill")
    mongo, kafka = make_mongo(home), make_kafka(home)
    mongo.start()
    kafka.start()
    try:
        with full_system(home, mongo, kafka, replicas=2, RETRY_SCALE="0.02") as running:
            yield running
    finally:
        kafka.process.stop()
        mongo.process.stop()
        shutil.rmtree(home, ignore_errors=True)


async def chaos(system: FullSystem, *chosen: faults.Fault) -> Findings:
    scene = faults.Scene(system, random.Random(SEED))
    async with aiohttp.ClientSession() as http:
        load = CitizenLoad(http, system, CITIZENS, timeout_seconds=240)
        return await storm(scene, load, chosen, (0.2, 1.0))


async def test_killed_and_frozen_services_and_bad_records_lose_nothing_and_say_nothing_twice(
    own_system: FullSystem,
) -> None:
    findings = await chaos(
        own_system, faults.kill, faults.send_bad_records, faults.freeze, faults.kill, faults.reset_offsets
    )
    assert findings == Findings()


async def test_a_restarted_and_a_frozen_server_lose_nothing(own_system: FullSystem) -> None:
    findings = await chaos(own_system, faults.restart_server, faults.kill, faults.freeze_server)
    assert findings == Findings()
