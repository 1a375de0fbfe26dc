"""notify as a process, killed at its worst moments: each message comes once, in order."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from loa.testkit.servers import LiveBroker, LiveMongo
from tests.services.notify.notify_process import NotifyProcesses, notify_processes
from tests.waiting import until


@pytest.fixture
async def processes(tmp_path: Path, mongo: LiveMongo, broker: LiveBroker) -> AsyncIterator[NotifyProcesses]:
    async with notify_processes(tmp_path, mongo, broker) as made:
        yield made


async def test_kill_in_the_middle_of_sending_three_times(processes: NotifyProcesses) -> None:
    processes.start_notify()
    await processes.authorise()
    people = await processes.people(60)
    await processes.control("PUT", "/faults", {"latency": {"min_ms": 5, "max_ms": 40}})
    await processes.publish(
        [processes.chatbot.reply(to, f"{index} a", f"{index} b") for index in range(5) for to in people]
    )
    for sent in (40, 120, 240):
        await processes.until_arrived(sent)
        processes.notify.kill()
        processes.notify.start().await_ready(60)
    await processes.until_arrived(600, 60)
    account = await processes.until_settled(60)
    assert (account["accepted"], account["delivered"]) == (600, 600)
    expected = [f"{index} {part}" for index in range(5) for part in "ab"]
    chats = await processes.chats()
    assert all(chats[to.citizen_id] == expected for to in people)


async def test_killed_while_zalo_holds_the_call(processes: NotifyProcesses) -> None:
    """Zalo takes each message and never answers: after the kill, asking shows that all are there."""
    processes.start_notify()
    await processes.authorise()
    people = await processes.people(20)
    await processes.control("PUT", "/faults", {"hang": {"rate": 1, "seconds": 60}})
    await processes.publish([processes.chatbot.reply(to, "một", "hai") for to in people])
    await processes.until_arrived(20)
    processes.notify.kill()
    await processes.control("PUT", "/faults", {})
    processes.notify.start().await_ready(60)
    account = await processes.until_settled(40)
    assert account["delivered"] == 40
    chats = await processes.chats()
    assert all(chats[to.citizen_id] == ["một", "hai"] for to in people)


async def test_a_replica_takes_over_where_the_other_was_killed(processes: NotifyProcesses) -> None:
    processes.start_notify()
    await processes.authorise()
    other = processes.start_notify()
    people = await processes.people(40)
    await processes.control("PUT", "/faults", {"latency": {"min_ms": 5, "max_ms": 40}})
    await processes.publish([processes.chatbot.reply(to, f"{index}") for index in range(8) for to in people])
    await processes.until_arrived(60)
    processes.notify.kill()
    await processes.until_arrived(320, 60)
    account = await processes.until_settled(60, other)
    assert account["delivered"] == 320
    chats = await processes.chats()
    assert all(chats[to.citizen_id] == [f"{index}" for index in range(8)] for to in people)


async def test_a_polite_stop_leaves_nothing_claimed_and_nothing_uncertain(processes: NotifyProcesses) -> None:
    processes.start_notify()
    await processes.authorise()
    people = await processes.people(40)
    await processes.control("PUT", "/faults", {"latency": {"min_ms": 50, "max_ms": 100}})
    await processes.publish([processes.chatbot.reply(to, f"{index}") for index in range(8) for to in people])
    await processes.until_arrived(40)
    processes.notify.signal(signal.SIGTERM)
    assert processes.notify.wait(15) == 0
    await processes.control("PUT", "/faults", {})
    processes.notify.start().await_ready(60)
    await processes.until_arrived(320, 60)
    await processes.until_settled(30)
    chats = await processes.chats()
    assert all(chats[to.citizen_id] == [f"{index}" for index in range(8)] for to in people)
    paths = [call["path"] for call in await processes.control("GET", "/requests?limit=10000")]
    assert "/v2.0/oa/conversation" not in paths, "nobody had to ask whether something had arrived"


async def test_no_word_name_or_token_is_logged_or_measured(processes: NotifyProcesses) -> None:
    processes.start_notify(LOG_LEVEL="debug")
    await processes.authorise()
    (person,) = await processes.people(1)
    await processes.control("PUT", "/faults", {"errors": [{"code": -200, "rate": 0.5, "path": "/v3.0/oa/message/cs"}]})
    await processes.publish([processes.chatbot.reply(person, f"Mật khẩu của bà Tám {index}") for index in range(10)])
    await processes.until_called("/v3.0/oa/message/cs", 10)
    tokens = processes.held_tokens()
    await processes.control("PUT", "/faults", {"expire_tokens": True})  # So that the refresh token is spent too.
    await processes.publish([processes.chatbot.reply(person, "Còn bà Chín thì không")])
    await processes.until_called("/v4/oa/access_token", 2)
    await until(lambda: processes.held_tokens().isdisjoint(tokens), 10)
    tokens |= processes.held_tokens()
    async with processes.http.get(f"{processes.notify.url}/metrics") as page:
        output = processes.notify.output() + await page.text()
    assert len(tokens) == 4, "two pairs of an access and a refresh token"
    for secret in ("bà Tám", "bà Chín", person.user_id, processes.chatbot.conversation(person), *tokens):
        assert secret not in output


async def test_mongodb_is_killed_and_comes_back(processes: NotifyProcesses) -> None:
    processes.start_notify()
    await processes.authorise()
    people = await processes.people(40)
    await processes.control("PUT", "/faults", {"latency": {"min_ms": 5, "max_ms": 40}})
    for index in range(4):
        await processes.publish([processes.chatbot.reply(to, f"{index} a", f"{index} b") for to in people])
    await processes.until_arrived(60)
    processes.mongo.restart()  # In this thread: a child dies with the thread that made it.
    await processes.until_arrived(320, 60)
    account = await processes.until_settled(60)
    assert account["delivered"] == 320
    expected = [f"{index} {part}" for index in range(4) for part in "ab"]
    chats = await processes.chats()
    assert all(chats[to.citizen_id] == expected for to in people)
