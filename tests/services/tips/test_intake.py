"""The whole service, from a message on the log to what a reporter reads and what an officer can open."""

from datetime import timedelta

import pytest

from chassis.crypto import Place
from contracts.floor import IDLE
from contracts.message import Address, Attachment, Kind, Lane
from contracts.tips import EVENTS, MESSAGES, TipClosed, TipOpened
from tests.doubles import ADDRESSES, OA, conversation, message_received
from tests.services.tips.stories import at, story
from tests.services.tips.tips_app import TipsApp

pytestmark = pytest.mark.live


async def test_a_tip_is_taken_thanked_for_and_lies_open_to_the_officer_alone(tips_app: TipsApp) -> None:
    await tips_app.handle(*story())
    greeting, first, media, farewell = tips_app.reply_texts()
    assert greeting.startswith("Cảm ơn quý vị đã tin báo. Mã biên nhận: TB-")
    assert first.startswith("Đã nhận nội dung")
    assert media.startswith("Đang nhận tư liệu")
    assert "đã được ghi nhận" in farewell
    case = await tips_app.case()
    spoken = await tips_app.officer_reads(case)
    assert [message.text for message in spoken] == ["có đánh bạc ở chợ", "", ""]
    assert spoken[2].attachments[0].latitude == 16.05


async def test_replies_go_first_and_back_to_who_wrote(tips_app: TipsApp) -> None:
    await tips_app.handle(*story())
    for reply in tips_app.replies():
        assert reply.lane is Lane.URGENT
        assert reply.conversation == conversation()
        address = Address.model_validate_json(ADDRESSES.open(reply.address, Place.address(OA, reply.conversation)))
        assert address.user_id == "9000000000000000001"


async def test_the_case_is_announced_when_it_opens_and_when_it_ends(tips_app: TipsApp) -> None:
    await tips_app.handle(*story())
    case = await tips_app.case()
    (opened,), (closed,) = tips_app.opened(), tips_app.closed()
    assert opened.case_id == closed.case_id == case["_id"]
    assert (closed.ending, closed.pieces, closed.occurred_at) == ("done", 3, at(20))
    assert case["unsaid"] == []


async def test_nothing_on_the_log_leads_from_the_citizen_to_the_case(tips_app: TipsApp) -> None:
    events = story()
    await tips_app.handle(*events)
    announced: list[TipOpened | TipClosed] = [*tips_app.opened(), *tips_app.closed()]
    assert len(announced) == 2
    for announcement in announced:
        assert announcement.conversation == announcement.case_id != conversation()
        assert announcement.caused_by is None
        assert announcement.id not in {event.id for event in events}
    case_id = (await tips_app.case())["_id"]
    assert all(case_id not in reply.model_dump_json() for reply in tips_app.replies())


async def test_the_chatbots_talk_is_handed_on_and_makes_no_case(tips_app: TipsApp) -> None:
    await tips_app.handle(
        message_received("làm căn cước cần gì"), message_received("cảm ơn"), message_received("#lam f_don_vi")
    )
    assert tips_app.log.events(EVENTS) == []
    assert len(tips_app.log.events(MESSAGES)) == 3
    assert await tips_app.db["cases"].count_documents({}) == 0


async def test_tips_answers_with_nobody_else_alive_and_many_at_once(tips_app: TipsApp) -> None:
    users = [f"90000000000000001{number:02}" for number in range(20)]
    interleaved = [event for step in zip(*(story(user) for user in users), strict=True) for event in step]
    await tips_app.handle(*interleaved)
    assert len(await tips_app.cases()) == 20
    assert len(tips_app.reply_texts()) == 80
    for case in await tips_app.cases():
        assert len(await tips_app.officer_reads(case)) == 3


async def test_a_photo_sent_before_the_word_is_in_the_case(tips_app: TipsApp) -> None:
    photo = Attachment(kind=Kind.IMAGE, url="https://photo.zdn.vn/before.jpg")
    await tips_app.handle(message_received("", at=at(-300), kind=Kind.IMAGE, attachments=[photo]))
    assert b"before.jpg" not in await tips_app.dump()
    await tips_app.handle(message_received("#tinbao", at=at(0)))
    assert "1 tư liệu" in tips_app.reply_texts()[0]
    (spoken,) = await tips_app.officer_reads(await tips_app.case())
    assert spoken.attachments[0].url == "https://photo.zdn.vn/before.jpg"


async def test_silence_by_event_time_closes_the_case_without_a_word(tips_app: TipsApp) -> None:
    await tips_app.handle(*story()[:2], message_received("giờ làm việc", at=at(5) + IDLE + timedelta(seconds=1)))
    assert [event.ending for event in tips_app.closed()] == ["idle"]
    assert tips_app.closed()[0].occurred_at == at(5) + IDLE
    assert len(tips_app.reply_texts()) == 2
