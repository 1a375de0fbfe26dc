"""A replica that starts while MongoDB is away: it drops nothing it cannot judge yet, and is whole as soon as MongoDB is back."""

import asyncio
import signal

import pytest

from chassis.mongo import database
from tests.services.gateway.gateway_process import GatewayProcesses, counted, http, message, send_event

pytestmark = [pytest.mark.live, pytest.mark.timeout(180)]

TTL_SECONDS = 14 * 86_400


async def test_started_while_mongodb_is_away_it_asks_zalo_to_come_again_until_it_knows_the_registry(
    scene: GatewayProcesses,
) -> None:
    await scene.register(scene.start())
    scene.services[0].stop()
    service = scene.replica()
    scene.mongo.process.signal(signal.SIGSTOP)
    try:
        await asyncio.to_thread(service.start)
        await asyncio.to_thread(service.await_ready, 30, "/alive")
        async with http() as session:
            async with session.get(f"{service.url}/ready") as ready:
                assert ready.status == 503
            assert (await send_event(session, service, message("early"))).status == 503
            scene.mongo.process.signal(signal.SIGCONT)
            await asyncio.to_thread(service.await_ready, 60)
            assert (await send_event(session, service, message("early"))).status == 200
            durable = [await counted(session, service, f'outcome="{outcome}"') for outcome in ("accepted", "spooled")]
            assert sum(durable) == 1
    finally:
        scene.mongo.process.signal(signal.SIGCONT)


async def test_a_replica_that_is_ready_has_made_the_indexes_by_which_mongodb_removes_what_is_old(
    scene: GatewayProcesses,
) -> None:
    scene.start()
    async with database(scene.mongo.url, scene.database) as db:
        indexes = await db["rejects"].index_information()
        assert [index["expireAfterSeconds"] for index in indexes.values() if "expireAfterSeconds" in index] == [
            TTL_SECONDS
        ]
        left = await db["erasures"].index_information()
        assert left["at_1"]["expireAfterSeconds"] == TTL_SECONDS
        assert "k_1" in await db["spool"].index_information()
