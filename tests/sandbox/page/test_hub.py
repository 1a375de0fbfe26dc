"""A change reaches those who show that conversation, soon after, and nobody else."""

import asyncio

import pytest

from sandbox.page.hub import Hub
from sandbox.people import Draft
from sandbox.platform import Platform
from sandbox.world import Change
from tests.zalo import OA, OTHER_OA, SECRETS, settings


@pytest.fixture
def platform() -> Platform:
    return Platform.build(settings(), SECRETS)


@pytest.fixture
def hub(platform: Platform) -> Hub:
    return Hub(platform.world)


async def soon() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_each_listener_hears_of_its_conversation(platform: Platform, hub: Hub) -> None:
    world = platform.world
    mine, other = world.new_citizen("A").citizen_id, world.new_citizen("B").citizen_id
    heard: dict[str, list[str]] = {"chat": [], "list": [], "desk": [], "elsewhere": []}
    hub.listen(mine, OA, lambda change: heard["chat"].append(change.kind))
    hub.listen(mine, "", lambda change: heard["list"].append(change.kind))
    hub.listen("", OA, lambda change: heard["desk"].append(change.kind))
    hub.listen(other, OTHER_OA, lambda change: heard["elsewhere"].append(change.kind))
    world.keep(world.contact(mine, OA), from_oa=False, draft=Draft("text", "một"))
    world.keep(world.contact(mine, OTHER_OA), from_oa=False, draft=Draft("text", "hai"))
    world.keep(world.contact(other, OA), from_oa=False, draft=Draft("text", "ba"))
    assert not heard["chat"], "not in the middle of the change"
    await soon()
    assert {name: len(kinds) for name, kinds in heard.items()} == {"chat": 1, "list": 2, "desk": 2, "elsewhere": 0}


async def test_nothing_is_watched_while_nobody_listens(platform: Platform, hub: Hub) -> None:
    citizen = platform.world.new_citizen("A").citizen_id
    leave = [hub.listen(citizen, OA, lambda _: None), hub.listen("", OA, lambda _: None)]
    assert len(platform.world._watchers) == 1
    for each in leave:
        each()
    assert not platform.world._watchers


async def test_a_page_that_fails_leaves_the_others_in_the_light(
    platform: Platform, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    citizen = platform.world.new_citizen("A").citizen_id
    heard: list[Change] = []

    def fails(_: Change) -> None:
        raise RuntimeError("câu của người dân")

    hub.listen(citizen, OA, fails)
    hub.listen(citizen, OA, heard.append)
    platform.world.keep(platform.world.contact(citizen, OA), from_oa=False, draft=Draft("text", "câu của người dân"))
    await soon()
    assert len(heard) == 1
    assert "RuntimeError" in caplog.text
    assert "câu của người dân" not in caplog.text


async def test_what_was_not_acknowledged_is_remembered_for_every_page(platform: Platform, hub: Hub) -> None:
    citizen = platform.world.new_citizen("A").citizen_id
    contact = platform.world.contact(citizen, OA)
    message = platform.world.keep(contact, from_oa=False, draft=Draft("text", "một"))
    heard: list[Change] = []
    hub.listen(citizen, OA, heard.append)
    hub.missed(citizen, OA, message.message_id, 503)
    await soon()
    assert hub.unheard(message.message_id)
    assert [change.kind for change in heard] == ["ticks"]


async def test_notes_stand_in_their_conversation_and_are_bounded(hub: Hub) -> None:
    for nth in range(100):
        hub.note("c1", OA, f"Cuộc gọi {nth}")
    assert [note.text for note in hub.notes("c1", OA)][-1] == "Cuộc gọi 99"
    assert len(hub.notes("c1", OA)) == 30
    assert hub.notes("c1", OTHER_OA) == []
