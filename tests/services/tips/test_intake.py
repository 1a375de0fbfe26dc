"""The whole house, from a message on the log to what a reporter reads and what an officer can open."""

from datetime import timedelta

import pytest

from contracts.floor import IDLE
from contracts.message import Address, Attachment, Kind, Lane
from contracts.tips import EVENTS, TipClosed, TipOpened
from tests.doubles import ADDRESSES, OA, conversation, heard
from tests.services.tips.room import Room
from tests.services.tips.stories import at, story

pytestmark = pytest.mark.live


async def test_a_tip_is_taken_thanked_for_and_lies_open_to_the_officer_alone(room: Room) -> None:
    await room.hear(*story())
    greeting, first, media, done = room.words()
    assert greeting.startswith("Cảm ơn quý vị đã tin báo. Mã biên nhận: TB-")
    assert first.startswith("Đã nhận nội dung")
    assert media.startswith("Đã nhận tư liệu")
    assert "đã được ghi nhận" in done
    case = await room.case()
    spoken = await room.officer_reads(case)
    assert [one.text for one in spoken] == ["có đánh bạc ở chợ", "", ""]
    assert spoken[2].attachments[0].latitude == 16.05


async def test_replies_go_first_and_back_to_who_wrote(room: Room) -> None:
    await room.hear(*story())
    for reply in room.replies():
        assert reply.lane is Lane.URGENT
        assert reply.conversation == conversation()
        opened = Address.model_validate_json(ADDRESSES.open(reply.address, OA, "address"))
        assert opened.user_id == "9000000000000000001"


async def test_the_case_is_told_of_when_it_opens_and_when_it_ends(room: Room) -> None:
    await room.hear(*story())
    case = await room.case()
    (opened,), (closed,) = room.opened(), room.closed()
    assert opened.case_id == closed.case_id == case["_id"]
    assert (closed.ending, closed.pieces, closed.occurred_at) == ("done", 3, at(20))
    assert case["unsaid"] == []


async def test_nothing_on_the_log_leads_from_the_citizen_to_the_case(room: Room) -> None:
    events = story()
    await room.hear(*events)
    about: list[TipOpened | TipClosed] = [*room.opened(), *room.closed()]
    assert len(about) == 2
    for told in about:
        assert told.conversation == told.case_id != conversation()
        assert told.caused_by is None
        assert told.id not in {event.id for event in events}
    case_id = (await room.case())["_id"]
    assert all(case_id not in reply.model_dump_json() for reply in room.replies())


async def test_the_chatbots_talk_leaves_nothing_behind(room: Room) -> None:
    await room.hear(heard("làm căn cước cần gì"), heard("cảm ơn"), heard("#lam f_don_vi"))
    assert room.log.facts(EVENTS) == []
    assert await room.dump() == b""


async def test_tips_answers_with_nobody_else_alive_and_many_at_once(room: Room) -> None:
    users = [f"90000000000000001{nth:02}" for nth in range(20)]
    interleaved = [event for turn in zip(*(story(user) for user in users), strict=True) for event in turn]
    await room.hear(*interleaved)
    assert len(await room.cases()) == 20
    assert len(room.words()) == 80
    for case in await room.cases():
        assert len(await room.officer_reads(case)) == 3


async def test_a_photo_sent_before_the_word_is_in_the_case(room: Room) -> None:
    photo = Attachment(kind=Kind.IMAGE, url="https://photo.zdn.vn/before.jpg")
    await room.hear(heard("", at=at(-300), kind=Kind.IMAGE, attachments=[photo]))
    assert b"before.jpg" not in await room.dump()
    await room.hear(heard("#tinbao", at=at(0)))
    assert "1 tư liệu" in room.words()[0]
    (spoken,) = await room.officer_reads(await room.case())
    assert spoken.attachments[0].url == "https://photo.zdn.vn/before.jpg"


async def test_silence_by_event_time_closes_the_case_without_a_word(room: Room) -> None:
    await room.hear(*story()[:2], heard("giờ làm việc", at=at(5) + IDLE + timedelta(seconds=1)))
    assert [one.ending for one in room.closed()] == ["idle"]
    assert room.closed()[0].occurred_at == at(5) + IDLE
    assert len(room.words()) == 2
