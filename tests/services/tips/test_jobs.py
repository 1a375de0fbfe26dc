"""What time asks for, by our clock."""

from datetime import timedelta

import pytest

from chassis.outcomes import RunOutcome
from contracts.message import Attachment, Kind
from services.tips.decide import BEFORE
from services.tips.jobs import IdleCases
from tests.doubles import NOON, SendFailure, message_received
from tests.services.tips.tips_app import TipsApp

pytestmark = pytest.mark.live

PHOTO = Attachment(kind=Kind.IMAGE, url="https://photo.zdn.vn/one.jpg")


async def sweep(tips_app: TipsApp) -> None:
    await tips_app.sweep()
    await tips_app.publish_case_events()


async def test_a_case_nobody_finishes_is_closed_and_announced(tips_app: TipsApp) -> None:
    await tips_app.handle(message_received("#tinbao"), message_received("có trộm", at=NOON + timedelta(seconds=5)))
    tips_app.clock.advance(minutes=39)
    await sweep(tips_app)
    assert await tips_app.endings() == []
    tips_app.clock.advance(minutes=2)
    await sweep(tips_app)
    assert await tips_app.endings() == [("idle", 1)]
    assert len(tips_app.changes()) == 2
    assert not tips_app.stores.cases._held


async def test_the_reporter_is_not_written_to_out_of_the_blue(tips_app: TipsApp) -> None:
    """Whoever holds the phone by then need not know."""
    await tips_app.handle(message_received("#tinbao"))
    tips_app.clock.advance(hours=2)
    await sweep(tips_app)
    assert len(tips_app.reply_texts()) == 1


async def test_sweeping_and_noticing_the_silence_announce_it_once(tips_app: TipsApp) -> None:
    await tips_app.handle(message_received("#tinbao"))
    tips_app.clock.advance(hours=1)
    await sweep(tips_app)
    await tips_app.handle(message_received("giờ làm việc", at=NOON + timedelta(hours=1)))
    await sweep(tips_app)
    assert await tips_app.endings() == [("idle", 0)]


async def test_a_message_that_was_long_on_its_way_opens_the_case_again_under_a_new_key(tips_app: TipsApp) -> None:
    """By event time the reporter was not silent: what they sent belongs to the case, though it was swept."""
    await tips_app.handle(message_received("#tinbao"), message_received("một", at=NOON + timedelta(seconds=1)))
    tips_app.clock.advance(hours=3)
    await sweep(tips_app)
    await tips_app.handle(message_received("hai, gửi từ lâu", at=NOON + timedelta(minutes=5)))
    case = await tips_app.case()
    assert (case["state"], case["openings"], len(case["keys"])) == ("open", 2, 2)
    assert [message.text for message in await tips_app.officer_reads(case)] == ["một", "hai, gửi từ lâu"]
    await tips_app.handle(message_received("#xong", at=NOON + timedelta(minutes=6)))
    assert await tips_app.endings() == [("done", 2)]


async def test_a_photo_for_which_no_word_came_is_dropped(tips_app: TipsApp) -> None:
    await tips_app.handle(message_received("", kind=Kind.IMAGE, attachments=[PHOTO]))
    (stored,) = await tips_app.db["conversations"].find().to_list(None)
    tips_app.clock.advance(seconds=BEFORE.total_seconds() - 1)
    await sweep(tips_app)
    assert (await tips_app.db["conversations"].find_one())["s"] == stored["s"]  # type: ignore[index]  # It is there.
    tips_app.clock.advance(seconds=2)
    await sweep(tips_app)
    (cleared,) = await tips_app.db["conversations"].find().to_list(None)
    assert cleared["pending"] is False
    assert cleared["h"] == stored["h"]
    assert len(cleared["s"]) < len(stored["s"])
    await tips_app.handle(message_received("#tinbao", at=NOON + timedelta(seconds=30)))
    assert await tips_app.officer_reads(await tips_app.case()) == []


async def test_a_conversation_quiet_for_long_is_forgotten_whole(tips_app: TipsApp) -> None:
    await tips_app.handle(message_received("#tinbao"), message_received("#xong", at=NOON + timedelta(seconds=5)))
    tips_app.clock.advance(days=2.9)
    await sweep(tips_app)
    assert await tips_app.db["conversations"].count_documents({}) == 1
    tips_app.clock.advance(days=0.2)
    await sweep(tips_app)
    assert await tips_app.db["conversations"].count_documents({}) == 0
    assert len(await tips_app.cases()) == 1


async def test_a_case_is_announced_though_the_broker_was_unreachable_at_first(tips_app: TipsApp) -> None:
    tips_app.publish(message_received("#tinbao"))
    await tips_app.loop().process_batch()
    tips_app.producer.failures.append(SendFailure(stored=0))
    assert (await tips_app.publish_case_events()).outcome is RunOutcome.WAITING
    assert tips_app.changes() == []
    await tips_app.publish_case_events()
    assert len(tips_app.changes()) == 1


async def test_two_sweepers_at_once_close_a_case_once(tips_app: TipsApp) -> None:
    await tips_app.handle(message_received("#tinbao"))
    tips_app.clock.advance(hours=1)
    other = TipsApp(tips_app.db, tips_app.log, tips_app.clock, ring=tips_app.transit.ring)
    await tips_app.sweep()
    await other.sweep()
    await other.publish_case_events()
    await tips_app.publish_case_events()
    assert await tips_app.endings() == [("idle", 0)]
    assert len(tips_app.changes()) == 2


async def test_who_writes_while_the_sweeper_is_at_it_loses_nothing(tips_app: TipsApp) -> None:
    """The sweeper sees at the end that somebody wrote; the case it has closed opens again at the next word."""
    await tips_app.handle(message_received("#tinbao"))
    tips_app.clock.advance(minutes=41)
    stale = await tips_app.stores.conversations.with_quiet_tips(tips_app.clock())
    await tips_app.handle(message_received("còn đây", at=NOON + timedelta(minutes=29)))
    idle = IdleCases(tips_app.stores.conversations, tips_app.handler.writer, tips_app.clock, timedelta(minutes=10))
    await idle.close(stale)
    await tips_app.handle(message_received("#xong", at=NOON + timedelta(minutes=30)))
    assert [message.text for message in await tips_app.officer_reads(await tips_app.case())] == ["còn đây"]
