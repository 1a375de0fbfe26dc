"""The room around the decisions, on a real MongoDB: batches, repeats, crashes, version races, forgetting."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from chassis.errors import TransientError
from chassis.mongo import Database
from chassis.publisher import Publisher
from contracts.chatbot import ReplyChosen
from contracts.event import Event
from services.chatbot.handle import ChatbotHandler
from services.chatbot.jobs import ConversationTimers
from tests.doubles import (
    NOON,
    MemoryLog,
    message_received,
    opened_outbound,
)
from tests.services.chatbot.conftest import POLICE
from tests.services.chatbot.handlers import FixedUnderstanding, batch

pytestmark = pytest.mark.live


def texts(events: Sequence[Event]) -> list[str]:
    return [
        "\n".join(part.text for part in opened_outbound(event).parts)
        for event in events
        if isinstance(event, ReplyChosen)
    ]


async def test_each_question_of_a_batch_has_one_answer_in_order_per_citizen(
    handler: ChatbotHandler, understanding: FixedUnderstanding
) -> None:
    users = [f"citizen-{number}" for number in range(20)]
    messages = [
        message_received(text, user=user, oa_id=POLICE)
        for text in ("làm căn cước cần giấy tờ gì", "làm hộ chiếu mất bao lâu")
        for user in users
    ]
    replies = await handler.handle(batch(*messages))
    assert [event.caused_by for event in replies] == [event.id for event in messages]
    assert understanding.batches == [1, 1], "twenty citizens with one question are one question"


async def test_a_repeat_is_told_the_same_words_under_the_same_id(handler: ChatbotHandler) -> None:
    question = message_received("làm hộ chiếu", oa_id=POLICE, msg_id="m1")
    first = await handler.handle(batch(question))
    repeated = await handler.handle(batch(question))
    assert repeated == first


async def test_the_same_message_twice_in_one_batch_is_decided_once(handler: ChatbotHandler, db: Database) -> None:
    question = message_received("làm hộ chiếu", oa_id=POLICE, msg_id="m2")
    replies = await handler.handle(batch(question, question))
    assert len({event.id for event in replies}) == 1
    stored = await db.conversations.find_one({})
    assert stored is not None
    assert stored["v"] == 1


async def test_a_repeat_hours_later_says_nothing_new(handler: ChatbotHandler) -> None:
    question = message_received("làm hộ chiếu", oa_id=POLICE, msg_id="m3")
    await handler.handle(batch(question))
    await handler.handle(batch(message_received("menu", oa_id=POLICE, at=NOON + timedelta(hours=1))))
    assert await handler.handle(batch(question)) == []


async def test_who_writes_second_fails_before_it_has_spoken(handler: ChatbotHandler) -> None:
    event = message_received("menu", oa_id=POLICE)
    slow = await handler.conversations.load({event.conversation: event.oa_id})
    await handler.handle(batch(event))
    slow[event.conversation].record_event(message_received("menu", oa_id=POLICE), slow[event.conversation].state, [])
    with pytest.raises(TransientError):
        await handler.conversations.save(slow.values())


async def test_nothing_a_citizen_typed_lies_open_in_the_database(handler: ChatbotHandler, db: Database) -> None:
    secret = "Nguyễn Thị Bí Mật 079123456789"
    await handler.handle(
        batch(
            message_received(secret, oa_id=POLICE),
            message_received("gặp cán bộ", oa_id=POLICE, at=NOON + timedelta(hours=2)),
        )
    )
    names = await db.list_collection_names()
    dump = repr([await db[name].find({}).to_list(None) for name in names])
    assert {"conversations", "queue"} <= set(names)
    assert "Bí Mật" not in dump
    assert "079123456789" not in dump


async def test_an_officers_silence_ends_by_the_clock_and_a_crash_repeats_the_same_words(
    handler: ChatbotHandler, db: Database
) -> None:
    await handler.handle(batch(message_received("gặp cán bộ", oa_id=POLICE, at=NOON + timedelta(hours=2))))
    log = MemoryLog()
    later = NOON + timedelta(hours=5)
    timers = ConversationTimers(handler, Publisher("chatbot", "", log.producer()), lambda: later)
    (due,) = await timers.claim(frozenset())
    await timers.fire(due)
    assert await timers.claim(frozenset()) == []
    before = await db.conversations.find_one({})
    assert before is not None
    assert before["due"] is None
