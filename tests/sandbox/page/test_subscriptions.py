"""A change reaches those who show that conversation, soon after, and nobody else."""

import asyncio

import pytest

from sandbox.network import Change
from sandbox.page.subscriptions import Subscriptions
from sandbox.people import Draft
from sandbox.platform import Platform
from tests.zalo import OA, OTHER_OA, SECRETS, settings


@pytest.fixture
def platform() -> Platform:
    return Platform.build(settings(), SECRETS)


@pytest.fixture
def subscriptions(platform: Platform) -> Subscriptions:
    return Subscriptions(platform.network)


async def soon() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_each_subscriber_gets_the_changes_of_its_conversation(
    platform: Platform, subscriptions: Subscriptions
) -> None:
    network = platform.network
    mine, other = network.new_citizen("A").citizen_id, network.new_citizen("B").citizen_id
    received: dict[str, list[str]] = {"chat": [], "list": [], "desk": [], "elsewhere": []}
    subscriptions.subscribe(mine, OA, lambda change: received["chat"].append(change.kind))
    subscriptions.subscribe(mine, "", lambda change: received["list"].append(change.kind))
    subscriptions.subscribe("", OA, lambda change: received["desk"].append(change.kind))
    subscriptions.subscribe(other, OTHER_OA, lambda change: received["elsewhere"].append(change.kind))
    network.add_message(network.contact(mine, OA), from_oa=False, draft=Draft("text", "một"))
    network.add_message(network.contact(mine, OTHER_OA), from_oa=False, draft=Draft("text", "hai"))
    network.add_message(network.contact(other, OA), from_oa=False, draft=Draft("text", "ba"))
    assert not received["chat"], "not in the middle of the change"
    await soon()
    assert {name: len(kinds) for name, kinds in received.items()} == {"chat": 1, "list": 2, "desk": 2, "elsewhere": 0}


async def test_nothing_is_watched_while_nobody_listens(platform: Platform, subscriptions: Subscriptions) -> None:
    citizen = platform.network.new_citizen("A").citizen_id
    unsubscribers = [
        subscriptions.subscribe(citizen, OA, lambda _: None),
        subscriptions.subscribe("", OA, lambda _: None),
    ]
    assert len(platform.network._subscribers) == 1
    for each in unsubscribers:
        each()
    assert not platform.network._subscribers


async def test_a_page_that_fails_leaves_the_others_in_the_light(
    platform: Platform, subscriptions: Subscriptions, caplog: pytest.LogCaptureFixture
) -> None:
    citizen = platform.network.new_citizen("A").citizen_id
    received: list[Change] = []

    def fails(_: Change) -> None:
        raise RuntimeError("câu của người dân")

    subscriptions.subscribe(citizen, OA, fails)
    subscriptions.subscribe(citizen, OA, received.append)
    platform.network.add_message(
        platform.network.contact(citizen, OA), from_oa=False, draft=Draft("text", "câu của người dân")
    )
    await soon()
    assert len(received) == 1
    assert "RuntimeError" in caplog.text
    assert "câu của người dân" not in caplog.text


async def test_what_was_not_acknowledged_is_marked_on_every_page(
    platform: Platform, subscriptions: Subscriptions
) -> None:
    citizen = platform.network.new_citizen("A").citizen_id
    contact = platform.network.contact(citizen, OA)
    message = platform.network.add_message(contact, from_oa=False, draft=Draft("text", "một"))
    received: list[Change] = []
    subscriptions.subscribe(citizen, OA, received.append)
    subscriptions.mark_undelivered(citizen, OA, message.message_id, 503)
    await soon()
    assert subscriptions.is_undelivered(message.message_id)
    assert [change.kind for change in received] == ["ticks"]


async def test_notes_stand_in_their_conversation_and_are_bounded(subscriptions: Subscriptions) -> None:
    for index in range(100):
        subscriptions.note("c1", OA, f"Cuộc gọi {index}")
    assert [note.text for note in subscriptions.notes("c1", OA)][-1] == "Cuộc gọi 99"
    assert len(subscriptions.notes("c1", OA)) == 30
    assert subscriptions.notes("c1", OTHER_OA) == []
