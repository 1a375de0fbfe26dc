"""The room around the decisions, on a real MongoDB: batches, repeats, crashes, version races, forgetting."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.errors import TransientError
from chassis.mongo import Database, database
from chassis.publisher import Publisher
from chassis.records import ReceivedEvent
from contracts.chatbot import ChatbotForgot, ReplyChosen
from contracts.event import Event
from contracts.gateway import CitizenWithdrew
from services.chatbot.app import FLOWS
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.dialogue.context_factory import ContextFactory
from services.chatbot.dialogue.effect_runner import EffectHandlers, EffectRunner
from services.chatbot.dialogue.effects import Sequential
from services.chatbot.dialogue.events import EventMapper
from services.chatbot.features.officer.effects import JoinQueue, LeaveQueue
from services.chatbot.features.officer.store import OfficerQueue
from services.chatbot.handle import ChatbotHandler
from services.chatbot.jobs import ConversationTimers
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Understood
from services.chatbot.store import Conversations
from tests.doubles import (
    BODIES,
    NOON,
    MemoryLog,
    as_received,
    conversation,
    make_event,
    message_received,
    opened_outbound,
    sealed_address,
)
from tests.services.chatbot.chat_player import meaning
from tests.services.chatbot.conftest import POLICE

pytestmark = pytest.mark.live


@dataclass
class FixedUnderstanding:
    """An understanding that knows two questions."""

    batches: list[int]

    async def answer(self, effects: Sequence[Understand]) -> Mapping[Understand, Understood]:
        self.batches.append(len(effects))
        meanings = {
            "làm căn cước cần giấy tờ gì": meaning("cc_cap_tu14", "papers"),
            "làm hộ chiếu": meaning("ho_chieu"),
        }
        return {effect: meanings.get(effect.text, Understood()) for effect in effects}


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    name = f"chatbot_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as mongo_db:
        yield mongo_db
        await mongo_db.client.drop_database(name)


@pytest.fixture
def understanding() -> FixedUnderstanding:
    return FixedUnderstanding([])


@pytest.fixture
def handler(db: Database, content: Content, understanding: FixedUnderstanding) -> ChatbotHandler:
    queue = OfficerQueue(db.queue, BODIES)
    effect_handlers: EffectHandlers = {
        Understand: understanding,
        JoinQueue: queue,
        LeaveQueue: Sequential(queue.answer_leave),
    }
    mapper = EventMapper(BODIES, "http://chatbot")
    return ChatbotHandler(
        Conversations(db.conversations, BODIES),
        ContextFactory(ContentEditions(content), "e_government"),
        lambda: EffectRunner(effect_handlers),
        FLOWS,
        BODIES,
        mapper,
    )


def batch(*events: Event) -> list[ReceivedEvent]:
    return [as_received(event, offset=offset) for offset, event in enumerate(events)]


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


async def test_who_withdraws_is_forgotten_and_that_is_said(handler: ChatbotHandler, db: Database) -> None:
    await handler.handle(batch(message_received("menu", oa_id=POLICE)))
    withdrew = make_event(CitizenWithdrew, oa_id=POLICE, address=sealed_address(oa_id=POLICE))
    events = await handler.handle(batch(withdrew))
    assert [type(event) for event in events] == [ChatbotForgot]
    assert await db.conversations.find_one({"_id": conversation(oa_id=POLICE)}) is None


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
