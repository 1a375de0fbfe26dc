"""The whole service, from a message on the log to what a reporter reads and what an officer can open."""

import json
from datetime import datetime, timedelta

import pytest

from chassis.crypto import Place
from contracts.floor import IDLE
from contracts.message import Address, Attachment, Kind, Lane
from contracts.tips import EVENTS, MESSAGES
from tests.doubles import ADDRESSES, OA, conversation, message_received
from tests.services.tips.officer import officer_keys
from tests.services.tips.stories import at, story
from tests.services.tips.tips_app import DESK, TipsApp

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


async def test_that_something_changed_in_the_unit_is_announced_once_for_all_that_did(tips_app: TipsApp) -> None:
    tips_app.clock.advance(minutes=1)
    await tips_app.handle(*story(), *story("9000000000000000888"))
    (change,) = tips_app.changes()
    assert (change.conversation, change.oa_id, change.occurred_at) == (OA, OA, tips_app.clock())
    assert [case["unsaid"] for case in await tips_app.cases()] == [[], []]
    await tips_app.publish_case_events()
    assert len(tips_app.changes()) == 1


async def test_nothing_on_the_log_leads_from_the_citizen_to_the_case(tips_app: TipsApp) -> None:
    events = story()
    await tips_app.handle(*events)
    (change,) = tips_app.changes()
    assert change.caused_by is None
    assert change.id not in {event.id for event in events}
    case_id = (await tips_app.case())["_id"]
    assert case_id.encode() not in tips_app.published()


async def test_outside_the_seal_a_case_has_its_day_and_no_other_time(tips_app: TipsApp) -> None:
    await tips_app.handle(*story())
    case = await tips_app.case()
    assert (case["day"], case["closed_day"]) == ("2026-03-02", "2026-03-02")
    pieces = await tips_app.db["pieces"].find().to_list(None)
    assert not [value for document in (case, *pieces) for value in document.values() if isinstance(value, datetime)]
    header = officer_keys(case, DESK)[case["header"]["number"]].open(bytes(case["header"]["body"]), "header")
    assert json.loads(header) == {"opened_at": at(0).isoformat()}


async def test_the_log_of_replies_names_no_case(tips_app: TipsApp) -> None:
    await tips_app.handle(*story())
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
    assert await tips_app.endings() == [("idle", 1)]
    assert len(tips_app.reply_texts()) == 2
