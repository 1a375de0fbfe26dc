"""What is destroyed, when, and what is left: keys at the end of a tip, all of a cancelled one, the person who withdraws."""

import pytest

from chassis.crypto import Place
from chassis.mongo import full_name
from contracts.message import Kind
from contracts.tips import EVENTS, TipsForgot
from services.tips.decide import MOST_OPENINGS
from tests.doubles import ADDRESSES, OA, message_received
from tests.services.tips.stories import at, story, withdrew
from tests.services.tips.tips_app import TipsApp

pytestmark = pytest.mark.live


async def test_once_closed_we_ourselves_can_not_open_it_any_more(tips_app: TipsApp) -> None:
    await tips_app.handle(*story()[:-1])
    assert tips_app.stores.cases._held
    await tips_app.handle(story()[-1])
    case = await tips_app.case()
    assert not tips_app.stores.cases._held
    assert len(await tips_app.officer_reads(case)) == 3


async def test_huy_destroys_every_key_and_leaves_nothing_to_read(tips_app: TipsApp) -> None:
    await tips_app.handle(*story()[:-1], message_received("#huy", at=at(20)))
    case = await tips_app.case()
    assert case["state"] == "cancelled"
    assert not {"keys", "header", "receipt"} & case.keys()
    for collection in ("pieces", "media", "chunks", "reporters"):
        assert await tips_app.db[collection].count_documents({}) == 0
    assert await tips_app.endings() == [("cancelled", 3)]
    assert tips_app.reply_texts()[-1].startswith("Đã huỷ tin báo")


async def test_a_cancelled_case_is_not_brought_back_by_receiving_its_story_again(tips_app: TipsApp) -> None:
    await tips_app.handle(*story()[:-1], message_received("#huy", at=at(20)))
    await tips_app.db["conversations"].delete_many({})
    await tips_app.handle(*story()[:-1])
    assert (await tips_app.case())["state"] == "cancelled"
    assert await tips_app.db["pieces"].count_documents({}) == 0


async def test_a_person_who_withdraws_is_no_longer_tied_to_the_case_that_stays(tips_app: TipsApp) -> None:
    await tips_app.handle(*story())
    assert await tips_app.db["reporters"].count_documents({}) == 1
    await tips_app.handle(withdrew())
    assert await tips_app.db["reporters"].count_documents({}) == 0
    assert [event.conversation for event in tips_app.log.events(EVENTS) if isinstance(event, TipsForgot)] == [OA]
    case = await tips_app.case()
    assert case["state"] == "closed"
    assert len(await tips_app.officer_reads(case)) == 3


async def test_withdrawing_in_the_middle_ends_the_talk_and_closes_the_case(tips_app: TipsApp) -> None:
    await tips_app.handle(*story()[:3], withdrew(), message_received("giờ làm việc", at=at(70)))
    assert len(tips_app.reply_texts()) == 3
    assert [ending for ending, _ in await tips_app.endings()] == ["idle"]


async def test_a_tip_opened_after_withdrawing_in_the_same_batch_keeps_its_reporter(tips_app: TipsApp) -> None:
    await tips_app.handle(*story(), withdrew(), *story(start=100))
    assert await tips_app.db["reporters"].count_documents({}) == 1
    assert len(await tips_app.cases()) == 2


async def test_a_withdrawal_delivered_again_leaves_the_reporter_of_a_later_tip(tips_app: TipsApp) -> None:
    await tips_app.handle(*story(), withdrew())
    await tips_app.handle(*story(start=100))
    await tips_app.handle(withdrew())
    assert await tips_app.db["reporters"].count_documents({}) == 1


async def test_withdrawing_once_more_is_harmless_and_publishes_the_same(tips_app: TipsApp) -> None:
    await tips_app.handle(*story(), withdrew())
    await tips_app.handle(withdrew())
    event_ids = [event.id for event in tips_app.log.events(EVENTS) if isinstance(event, TipsForgot)]
    assert len(set(event_ids)) == 1


async def test_a_form_about_the_reporter_lies_with_the_reporter_and_not_in_the_case(tips_app: TipsApp) -> None:
    await tips_app.handle(story()[0], message_received("Nguyễn Văn Giả, 0900000000", kind=Kind.INFO, at=at(5)))
    assert await tips_app.officer_reads(await tips_app.case()) == []
    (reporter,) = await tips_app.db["reporters"].find().to_list(None)
    ((piece_id, sealed),) = reporter["told"].items()
    place = Place.stored(full_name(tips_app.db["reporters"]), reporter["_id"], OA, piece_id)
    assert "Nguyễn Văn Giả" in ADDRESSES.open(sealed, place).decode()


async def test_withdrawing_does_not_begin_the_days_tips_anew(tips_app: TipsApp) -> None:
    for number in range(MOST_OPENINGS):
        await tips_app.handle(*story(start=number * 30)[::4])
    await tips_app.handle(withdrew(seconds=MOST_OPENINGS * 30), message_received("#tinbao", at=at(2_000)))
    assert len(await tips_app.cases()) == MOST_OPENINGS
    assert "quá mức nhận qua Zalo" in tips_app.reply_texts()[-1]
