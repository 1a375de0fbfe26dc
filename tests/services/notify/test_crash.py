"""notify as a process, killed at its worst moments: each message comes once, in order."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.servers.live import LiveBroker, LiveMongo
from tests.services.notify.stage import OA, Stage, staged


@pytest.fixture
async def stage(tmp_path: Path, mongo: LiveMongo, broker: LiveBroker) -> AsyncIterator[Stage]:
    async with staged(tmp_path, mongo, broker) as made:
        yield made


async def test_kill_in_the_middle_of_sending_three_times(stage: Stage) -> None:
    stage.start_notify()
    await stage.authorise()
    people = await stage.people(60)
    await stage.control("PUT", "/faults", {"latency": {"min_ms": 5, "max_ms": 40}})
    await stage.say([stage.reply(to, f"{nth} a", f"{nth} b") for nth in range(5) for to in people])
    for sent in (40, 120, 240):
        await stage.until_heard(sent)
        stage.notify.kill()
        stage.notify.start().await_ready(60)
    await stage.until_heard(600, 60)
    account = await stage.until_settled(60)
    assert (account["accepted"], account["delivered"]) == (600, 600)
    expected = [f"{nth} {part}" for nth in range(5) for part in "ab"]
    heard = await stage.heard()
    assert all(heard[to.citizen_id] == expected for to in people)


async def test_killed_while_zalo_has_the_call_in_its_hands(stage: Stage) -> None:
    """Zalo takes each message and never answers: after the kill, asking shows that all are there."""
    stage.start_notify()
    await stage.authorise()
    people = await stage.people(20)
    await stage.control("PUT", "/faults", {"hang": {"rate": 1, "seconds": 60}})
    await stage.say([stage.reply(to, "một", "hai") for to in people])
    await stage.until_heard(20)
    stage.notify.kill()
    await stage.control("PUT", "/faults", {})
    stage.notify.start().await_ready(60)
    account = await stage.until_settled(40)
    assert account["delivered"] == 40
    heard = await stage.heard()
    assert all(heard[to.citizen_id] == ["một", "hai"] for to in people)


async def test_a_replica_takes_over_where_the_other_was_killed(stage: Stage) -> None:
    stage.start_notify()
    await stage.authorise()
    other = stage.start_notify()
    people = await stage.people(40)
    await stage.control("PUT", "/faults", {"latency": {"min_ms": 5, "max_ms": 40}})
    await stage.say([stage.reply(to, f"{nth}") for nth in range(8) for to in people])
    await stage.until_heard(60)
    stage.notify.kill()
    await stage.until_heard(320, 60)
    account = await stage.until_settled(60, other)
    assert account["delivered"] == 320
    heard = await stage.heard()
    assert all(heard[to.citizen_id] == [f"{nth}" for nth in range(8)] for to in people)


async def test_a_polite_stop_leaves_nothing_claimed_and_nothing_in_doubt(stage: Stage) -> None:
    stage.start_notify()
    await stage.authorise()
    people = await stage.people(40)
    await stage.control("PUT", "/faults", {"latency": {"min_ms": 50, "max_ms": 100}})
    await stage.say([stage.reply(to, f"{nth}") for nth in range(8) for to in people])
    await stage.until_heard(40)
    stage.notify.signal(signal.SIGTERM)
    assert stage.notify.wait(15) == 0
    await stage.control("PUT", "/faults", {})
    stage.notify.start().await_ready(60)
    await stage.until_heard(320, 60)
    await stage.until_settled(30)
    heard = await stage.heard()
    assert all(heard[to.citizen_id] == [f"{nth}" for nth in range(8)] for to in people)
    paths = [call["path"] for call in await stage.control("GET", "/requests?limit=10000")]
    assert "/v2.0/oa/conversation" not in paths, "nobody had to ask whether something had arrived"


async def test_no_word_name_or_token_is_logged_or_measured(stage: Stage) -> None:
    stage.start_notify(LOG_LEVEL="debug")
    await stage.authorise()
    (person,) = await stage.people(1)
    await stage.control("PUT", "/faults", {"errors": [{"code": -200, "rate": 0.5, "path": "/v3.0/oa/message/cs"}]})
    await stage.say([stage.reply(person, f"Mật khẩu của bà Tám {nth}") for nth in range(10)])
    await asyncio.sleep(2)
    tokens = json.dumps(await stage.control("POST", f"/oas/{OA}/token"))
    async with stage.http.get(f"{stage.notify.url}/metrics") as page:
        shown = stage.notify.said() + await page.text()
    for secret in ("bà Tám", person.user_id, stage.conversation(person), *json.loads(tokens).values()):
        assert str(secret) not in shown or str(secret) == "90000"


async def test_mongodb_is_killed_and_comes_back(stage: Stage) -> None:
    stage.start_notify()
    await stage.authorise()
    people = await stage.people(40)
    await stage.control("PUT", "/faults", {"latency": {"min_ms": 5, "max_ms": 40}})
    for nth in range(4):
        await stage.say([stage.reply(to, f"{nth} a", f"{nth} b") for to in people])
    await stage.until_heard(60)
    stage.mongo.restart()  # In this thread: a child dies with the thread that made it.
    await stage.until_heard(320, 60)
    account = await stage.until_settled(60)
    assert account["delivered"] == 320
    expected = [f"{nth} {part}" for nth in range(4) for part in "ab"]
    heard = await stage.heard()
    assert all(heard[to.citizen_id] == expected for to in people)
