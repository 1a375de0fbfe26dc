"""The broker away, MongoDB away, both away, too many at once: what Zalo hears, and what is on the log afterwards."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.services.gateway.gateway_process import (
    GatewayProcesses,
    counted,
    http,
    message,
    send_event,
    until_served,
)
from tests.services.gateway.traffic import drained, numbers, received, traffic

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]

OUTAGE_SECONDS = float(os.environ.get("AWAY_SECONDS", "5"))


@pytest.fixture
async def outage(scene: GatewayProcesses) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Ends whatever a failed test left stopped."""
    yield scene.mongo.process.alive  # type: ignore[misc]  # Only its end matters.
    for live in (scene.broker, scene.mongo):
        live.process.signal(signal.SIGCONT)
        if not live.process.alive():
            live.start()


@pytest.mark.durable
@pytest.mark.usefixtures("outage")
@pytest.mark.parametrize("replicas", [1, 2])
async def test_a_broker_that_dies_under_load_costs_nobody_a_message_or_their_order(
    scene: GatewayProcesses, replicas: int
) -> None:
    services = [scene.start() for _ in range(replicas)]
    await scene.register(services[0])
    async with http() as session:
        for service in services:
            await until_served(session, service)
        going = asyncio.create_task(traffic(session, services, "load", OUTAGE_SECONDS + 12))
        await asyncio.sleep(2)
        await asyncio.to_thread(scene.broker.kill)
        await asyncio.sleep(OUTAGE_SECONDS)
        assert await counted(session, services[0], "", "loa_spool_facts") > 0
        scene.broker.process.start()  # From this thread: a process of the suite ends with the thread that started it.
        answers = await going
        await drained(session, services)
    assert Counter(answer.status for answer in answers) == {200: len(answers)}
    slowest = max(answer.seconds for answer in answers)
    assert slowest < 2
    per_citizen = numbers(await received(scene), "load")
    assert sum(map(len, per_citizen.values())) == len(answers)
    assert all(sequence == sorted(sequence) for sequence in per_citizen.values())
    print(f"{len(answers)} webhooks, broker away {OUTAGE_SECONDS} s, slowest {slowest * 1e3:.0f} ms")  # noqa: T201 — a figure.


@pytest.mark.usefixtures("outage")
async def test_a_broker_that_hangs_is_no_worse_than_one_that_is_dead(scene: GatewayProcesses) -> None:
    service = scene.start()
    await scene.register(service)
    async with http() as session:
        await until_served(session, service)
        scene.broker.process.signal(signal.SIGSTOP)
        answers = await traffic(session, [service], "hang", 4, per_second=50)
        scene.broker.process.signal(signal.SIGCONT)
        await drained(session, [service])
    assert Counter(answer.status for answer in answers) == {200: len(answers)}
    assert max(answer.seconds for answer in answers) < 2
    assert sum(map(len, numbers(await received(scene), "hang").values())) == len(answers)


@pytest.mark.usefixtures("outage")
async def test_with_both_unavailable_zalo_is_asked_to_come_again_and_never_gets_a_false_200(
    scene: GatewayProcesses,
) -> None:
    service = scene.start()
    await scene.register(service)
    async with http() as session:
        await until_served(session, service)
        scene.broker.process.signal(signal.SIGSTOP)
        scene.mongo.process.signal(signal.SIGSTOP)
        answers = await traffic(session, [service], "lost", 3, per_second=50)
        async with session.get(f"{service.url}/ready") as ready:
            assert ready.status == 503
        async with session.get(f"{service.url}/alive") as alive:
            assert alive.status == 200  # An outage is no reason to be restarted.
        for live in (scene.broker, scene.mongo):
            live.process.signal(signal.SIGCONT)
        await drained(session, [service])
        again = await traffic(session, [service], "lost", 3, per_second=50)
        # A broker that has just woken may stumble once more: the spool takes over meanwhile.
        await drained(session, [service])
    assert max(answer.seconds for answer in answers) < 2
    assert Counter(answer.status for answer in answers)[503] > len(answers) / 2
    assert sorted(answer.seconds for answer in answers)[len(answers) // 2] < 0.2  # At once, for most.
    assert {answer.status for answer in again} == {200}
    assert sum(map(len, numbers(await received(scene), "lost").values())) == len(
        answers
    )  # Zalo's retry brought them all.


@pytest.mark.usefixtures("outage")
async def test_an_outage_of_mongodb_alone_is_not_noticed_by_zalo(scene: GatewayProcesses) -> None:
    service = scene.start()
    await scene.register(service)
    async with http() as session:
        await until_served(session, service)
        scene.mongo.process.signal(signal.SIGSTOP)
        answers = await traffic(session, [service], "calm", 3, per_second=50)
        scene.mongo.process.signal(signal.SIGCONT)
    assert Counter(answer.status for answer in answers) == {200: len(answers)}
    assert max(answer.seconds for answer in answers) < 2


@pytest.mark.usefixtures("outage")
async def test_at_a_stop_it_first_answers_everyone_who_is_waiting(scene: GatewayProcesses) -> None:
    service = scene.start()
    await scene.register(service)
    async with http() as session:
        await until_served(session, service)
        scene.broker.process.signal(signal.SIGSTOP)  # So that they wait.
        sent = [
            asyncio.create_task(send_event(session, service, message(f"stop-{n}", text=f"stop {n}"))) for n in range(50)
        ]
        await asyncio.sleep(0.3)
        service.signal(signal.SIGTERM)
        assert {answer.status for answer in await asyncio.gather(*sent)} == {200}
        assert await asyncio.to_thread(service.stop) == 0
        scene.broker.process.signal(signal.SIGCONT)
        await drained(session, [scene.start()])  # Whoever is started next takes it from the spool.
    assert sum(map(len, numbers(await received(scene), "stop").values())) == 50


async def test_too_many_at_once_are_shed_and_then_all_is_well(scene: GatewayProcesses) -> None:
    service = scene.start(QUEUE_LIMIT="8")
    await scene.register(service)
    async with http() as session:
        await until_served(session, service)
        flood = await asyncio.gather(*(send_event(session, service, message(f"flood-{n}")) for n in range(400)))
        shed = [answer for answer in flood if answer.status == 503]
        assert {answer.status for answer in flood} == {200, 503}
        assert await counted(session, service, 'outcome="shed"') == len(shed)
        assert (await send_event(session, service, message("after"))).status == 200
    assert sum(len(texts) for texts in (await received(scene)).values()) >= len(flood) - len(shed)
