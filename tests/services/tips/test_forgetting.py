"""What is destroyed, when, and what is left: keys at the end of a tip, all of a cancelled one, the person who withdraws."""

import pytest

from contracts.message import Kind
from contracts.tips import EVENTS, TipsForgot
from tests.doubles import ADDRESSES, OA, conversation, heard
from tests.services.tips.room import Room
from tests.services.tips.stories import at, story, withdrew

pytestmark = pytest.mark.live


async def test_once_closed_we_ourselves_can_not_open_it_any_more(room: Room) -> None:
    await room.hear(*story()[:-1])
    assert "intake" in await room.case()
    await room.hear(story()[-1])
    case = await room.case()
    assert "intake" not in case
    assert len(await room.officer_reads(case)) == 3


async def test_huy_destroys_every_key_and_leaves_nothing_to_read(room: Room) -> None:
    await room.hear(*story()[:-1], heard("#huy", at=at(20)))
    case = await room.case()
    assert case["state"] == "cancelled"
    assert not {"keys", "intake", "receipt"} & case.keys()
    for left in ("pieces", "media", "chunks", "reporters"):
        assert await room.db[left].count_documents({}) == 0
    assert [(one.ending, one.pieces) for one in room.closed()] == [("cancelled", 3)]
    assert room.words()[-1].startswith("Đã huỷ tin báo")


async def test_a_cancelled_case_is_not_brought_back_by_hearing_its_story_again(room: Room) -> None:
    await room.hear(*story()[:-1], heard("#huy", at=at(20)))
    await room.db["conversations"].delete_many({})
    await room.hear(*story()[:-1])
    assert (await room.case())["state"] == "cancelled"
    assert await room.db["pieces"].count_documents({}) == 0


async def test_a_person_who_withdraws_is_no_longer_tied_to_the_case_that_stays(room: Room) -> None:
    await room.hear(*story())
    assert await room.db["reporters"].count_documents({}) == 1
    await room.hear(withdrew())
    assert await room.db["reporters"].count_documents({}) == 0
    assert [one.conversation for one in room.log.facts(EVENTS) if isinstance(one, TipsForgot)] == [conversation()]
    case = await room.case()
    assert case["state"] == "closed"
    assert len(await room.officer_reads(case)) == 3


async def test_withdrawing_in_the_middle_ends_the_talk_and_the_case_closes_by_itself(room: Room) -> None:
    await room.hear(*story()[:3], withdrew(), heard("giờ làm việc", at=at(70)))
    assert len(room.words()) == 3
    room.watch.later(hours=1)
    await room.house.sweeper.sweep()
    await room.house.relay.once()
    assert [one.ending for one in room.closed()] == ["idle"]


async def test_a_tip_opened_after_withdrawing_in_the_same_batch_keeps_its_reporter(room: Room) -> None:
    await room.hear(*story(), withdrew(), *story(start=100))
    assert await room.db["reporters"].count_documents({}) == 1
    assert len(await room.cases()) == 2


async def test_withdrawing_once_more_is_harmless_and_says_the_same(room: Room) -> None:
    await room.hear(*story(), withdrew())
    await room.hear(withdrew())
    forgot = [one.id for one in room.log.facts(EVENTS) if isinstance(one, TipsForgot)]
    assert len(set(forgot)) == 1


async def test_a_form_about_the_reporter_lies_with_the_reporter_and_not_in_the_case(room: Room) -> None:
    await room.hear(story()[0], heard("Nguyễn Văn Giả, 0900000000", kind=Kind.INFO, at=at(5)))
    assert await room.officer_reads(await room.case()) == []
    (reporter,) = await room.db["reporters"].find().to_list(None)
    (sealed,) = reporter["told"].values()
    assert "Nguyễn Văn Giả" in ADDRESSES.open(sealed, OA, f"reporter of {reporter['_id']}").decode()
