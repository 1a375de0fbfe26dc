"""Killed anywhere, told twice, or started from nothing: the same words, the same ids, every piece once."""

import pytest

from chassis.blame import Transient
from contracts.tips import EVENTS
from tests.doubles import Trouble, heard
from tests.services.tips.room import Room, ids
from tests.services.tips.stories import story

pytestmark = pytest.mark.live


async def test_a_repeat_is_answered_with_the_same_ids_and_stored_once(room: Room) -> None:
    events = story()
    await room.hear(*events)
    before = ids(room.replies())
    await room.hear(*events)
    again = ids(room.replies())
    assert set(again) == set(before)
    assert await room.db["pieces"].count_documents({}) == 3
    assert len(room.closed()) == 1


async def test_the_whole_log_heard_anew_says_the_same_words_under_the_same_ids(room: Room) -> None:
    users = [f"90000000000000002{nth:02}" for nth in range(5)]
    events = [event for user in users for event in (*story(user), *story(user, start=100)[:3])]
    await room.hear(*events)
    first = [(one.id, one.type, one.conversation) for one in room.log.facts(EVENTS)]
    words = dict(zip(ids(room.replies()), room.words(), strict=True))
    await room.db.client.drop_database(room.db.name)
    anew = Room(room.db)
    await anew.house.prepare()
    await anew.hear(*events)
    assert sorted(first) == sorted((one.id, one.type, one.conversation) for one in anew.log.facts(EVENTS))
    assert dict(zip(ids(anew.replies()), anew.words(), strict=True)) == words


async def test_killed_between_remembering_and_saying_it_says_the_same_afterwards(room: Room) -> None:
    events = story()
    await room.hear(events[0])
    room.log.tell(*events[1:])
    room.mouth.troubles.append(Trouble(stored=0))
    with pytest.raises(Transient):
        await room.loop().turn()
    assert len(room.words()) == 1
    assert await room.db["pieces"].count_documents({}) == 3
    stored = {key for doc in await room.db["conversations"].find().to_list(None) for key in doc["o"]}
    assert stored == {event.id.hex for event in (events[1], events[2], events[4])}
    returned = await room.die_and_return()
    await returned.settle()
    assert [text.split(" ")[0:2] for text in returned.words()] == [
        ["Cảm", "ơn"],
        ["Đã", "nhận"],
        ["Đã", "nhận"],
        ["Tin", "báo"],
    ]
    assert len(set(ids(returned.replies()))) == 4
    assert await returned.db["pieces"].count_documents({}) == 3
    assert [one.ending for one in returned.closed()] == ["done"]


async def test_said_in_part_and_killed_it_says_nothing_under_another_id(room: Room) -> None:
    room.log.tell(*story())
    room.mouth.troubles.append(Trouble(stored=2))
    with pytest.raises(Transient):
        await room.loop().turn()
    returned = await room.die_and_return()
    await returned.settle()
    assert len(set(ids(returned.replies()))) == 4
    assert len(returned.replies()) == 6


async def test_killed_before_the_case_was_told_of_the_next_process_tells_of_it(room: Room) -> None:
    room.log.tell(*story())
    await room.loop().turn()
    assert (room.opened(), room.closed()) == ([], [])
    returned = await room.die_and_return()
    await returned.house.relay.once()
    assert [len(returned.opened()), len(returned.closed())] == [1, 1]
    await returned.house.relay.once()
    assert [len(returned.opened()), len(returned.closed())] == [1, 1]


async def test_a_body_that_does_not_open_is_buried_and_its_neighbours_go_on(room: Room) -> None:
    broken = heard("#tinbao", user="9000000000000000777").model_copy(update={"body": "b1.AAAA"})
    await room.hear(*story(), broken, *story("9000000000000000888"))
    assert len(room.log.records("tips.dead")) == 1
    assert len(await room.cases()) == 2
