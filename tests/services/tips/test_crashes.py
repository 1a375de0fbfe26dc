"""Killed anywhere, told twice, or started from nothing: the same words, the same ids, every piece once."""

import pytest

from chassis.errors import TransientError
from chassis.service import prepare
from chassis.transit import last_resort
from services.tips.known_good import known_good
from tests.doubles import CITIZEN, SendFailure, as_received, message_received, to_tips
from tests.services.tips.stories import story
from tests.services.tips.tips_app import TipsApp, ids

pytestmark = pytest.mark.live


async def test_a_repeat_is_answered_with_the_same_ids_and_stored_once(tips_app: TipsApp) -> None:
    events = story()
    await tips_app.handle(*events)
    before = ids(tips_app.replies())
    await tips_app.handle(*events)
    repeated = ids(tips_app.replies())
    assert set(repeated) == set(before)
    assert await tips_app.db["pieces"].count_documents({}) == 3
    assert await tips_app.endings() == [("done", 3)]


async def test_the_whole_log_read_anew_gives_the_same_replies_under_the_same_ids(tips_app: TipsApp) -> None:
    users = [f"90000000000000002{number:02}" for number in range(5)]
    events = [event for user in users for event in (*story(user), *story(user, start=100)[:3])]
    await tips_app.handle(*events)
    first = [(event.id, event.conversation) for event in tips_app.replies()]
    texts = dict(zip(ids(tips_app.replies()), tips_app.reply_texts(), strict=True))
    await tips_app.db.client.drop_database(tips_app.db.name)
    fresh_app = TipsApp(tips_app.db, ring=tips_app.ring)
    await prepare(fresh_app.stores.all())
    await fresh_app.handle(*events)
    assert sorted(first) == sorted((event.id, event.conversation) for event in fresh_app.replies())
    assert dict(zip(ids(fresh_app.replies()), fresh_app.reply_texts(), strict=True)) == texts


async def test_killed_between_saving_and_sending_it_sends_the_same_afterwards(tips_app: TipsApp) -> None:
    events = story()
    await tips_app.handle(events[0])
    tips_app.publish(*events[1:])
    tips_app.producer.failures.append(SendFailure(stored=0))
    with pytest.raises(TransientError):
        await tips_app.loop().process_batch()
    assert len(tips_app.reply_texts()) == 1
    assert await tips_app.db["pieces"].count_documents({}) == 3
    stored = {key for document in await tips_app.db["conversations"].find().to_list(None) for key in document["o"]}
    assert stored == {event.id.hex for event in (events[1], events[2], events[4])}
    restarted = await tips_app.restart()
    await restarted.drain()
    assert [text.split(" ")[0:2] for text in restarted.reply_texts()] == [
        ["Cảm", "ơn"],
        ["Đã", "nhận"],
        ["Đang", "nhận"],
        ["Tin", "báo"],
    ]
    assert len(set(ids(restarted.replies()))) == 4
    assert await restarted.db["pieces"].count_documents({}) == 3
    assert await restarted.endings() == [("done", 3)]


async def test_sent_in_part_and_killed_it_sends_nothing_under_another_id(tips_app: TipsApp) -> None:
    tips_app.publish(*story())
    tips_app.producer.failures.append(SendFailure(stored=2))
    with pytest.raises(TransientError):
        await tips_app.loop().process_batch()
    restarted = await tips_app.restart()
    await restarted.drain()
    assert len(set(ids(restarted.replies()))) == 4
    assert len(restarted.replies()) == 6


async def test_killed_before_the_case_was_announced_the_next_process_announces_it(tips_app: TipsApp) -> None:
    tips_app.publish(*story())
    await tips_app.loop().process_batch()
    assert tips_app.changes() == []
    restarted = await tips_app.restart()
    await restarted.publish_case_events()
    assert len(restarted.changes()) == 1
    await restarted.publish_case_events()
    assert len(restarted.changes()) == 1


@pytest.mark.expects_errors("bad_record")
async def test_a_body_that_does_not_open_is_dead_lettered_and_its_neighbours_go_on(tips_app: TipsApp) -> None:
    tip = to_tips(message_received("#tinbao", user="9000000000000000777"))
    broken = tip.model_copy(update={"body": f"{last_resort('tips')}.AAAA.AAAA"})
    await tips_app.handle(*story(), broken, *story("9000000000000000888"))
    assert len(tips_app.log.records("tips.dead")) == 1
    assert len(await tips_app.cases()) == 2


@pytest.mark.expects_errors("bad_record")
async def test_a_reporter_whose_message_could_not_be_taken_hears_so(tips_app: TipsApp) -> None:
    await tips_app.handle(to_tips(message_received("#tinbao")))
    broken = to_tips(message_received("ở chợ", user=CITIZEN)).model_copy(
        update={"body": f"{last_resort('tips')}.AAAA.AAAA"}
    )
    await tips_app.handle(broken)
    assert [text.startswith("Xin lỗi quý vị") for text in tips_app.reply_texts()] == [False, True]
    assert tips_app.replies()[-1].caused_by == broken.id
    assert len(tips_app.log.records("tips.dead")) == 1


async def test_the_self_test_is_handled_and_leaves_no_case(tips_app: TipsApp) -> None:
    events = await tips_app.handler.handle([as_received(event) for event in known_good(tips_app.handler.transit)])
    assert [event.type for event in events] == ["tips.released.v1", "tips.forgot.v1"]
    assert await tips_app.cases() == []
