"""The room around the decisions, on a real MongoDB: batches, repeats, crashes, version races, forgetting."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.blame import Transient
from chassis.mongo import Database, database
from chassis.types import Heard
from contracts.chatbot import ChatbotForgot, ReplyChosen
from contracts.event import Event
from contracts.gateway import CitizenWithdrew
from services.chatbot.content.content import Content
from services.chatbot.content.shelf import Shelf
from services.chatbot.drive import Driver, Ports
from services.chatbot.flows.table import FLOWS
from services.chatbot.handle import Chatbot
from services.chatbot.officer import JoinQueue, LeaveQueue
from services.chatbot.ports import OneByOne
from services.chatbot.profile import Profiles
from services.chatbot.reading import Understand
from services.chatbot.store import Conversations, Queue
from services.chatbot.timers import Timers
from services.chatbot.voice import Voice
from tests.doubles import BODIES, NOON, MemoryLog, as_heard, conversation, fact, heard, opened_speech, sealed_address
from tests.services.chatbot.conftest import POLICE
from tests.services.chatbot.player import Meaning, meaning

pytestmark = pytest.mark.live


@dataclass
class Reads:
    """An understanding that knows two questions."""

    batches: list[int]

    async def answer(self, questions: Sequence[Understand]) -> Mapping[Understand, Meaning]:
        self.batches.append(len(questions))
        known = {"làm căn cước cần giấy tờ gì": meaning("cc_cap_tu14", "papers"), "làm hộ chiếu": meaning("ho_chieu")}
        return {question: known.get(question.text, Meaning()) for question in questions}


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    name = f"chatbot_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as one:
        yield one
        await one.client.drop_database(name)


@pytest.fixture
def reads() -> Reads:
    return Reads([])


@pytest.fixture
def chatbot(db: Database, content: Content, reads: Reads) -> Chatbot:
    queue = Queue(db.queue, BODIES)
    ports: Ports = {Understand: reads, JoinQueue: queue, LeaveQueue: OneByOne(queue.left)}
    voice = Voice(BODIES, "http://chatbot")
    return Chatbot(
        Conversations(db.conversations, BODIES),
        Profiles(Shelf(content), "e_government"),
        lambda: Driver(ports),
        FLOWS,
        BODIES,
        voice,
    )


def batch(*events: Event) -> list[Heard]:
    return [as_heard(event, offset=offset) for offset, event in enumerate(events)]


def words(events: Sequence[Event]) -> list[str]:
    return [
        "\n".join(part.text for part in opened_speech(event).parts)
        for event in events
        if isinstance(event, ReplyChosen)
    ]


async def test_each_question_of_a_batch_has_one_answer_in_order_per_citizen(chatbot: Chatbot, reads: Reads) -> None:
    users = [f"citizen-{number}" for number in range(20)]
    asked = [
        heard(text, user=user, oa_id=POLICE)
        for text in ("làm căn cước cần giấy tờ gì", "làm hộ chiếu mất bao lâu")
        for user in users
    ]
    said = await chatbot.on_batch(batch(*asked))
    assert [event.caused_by for event in said] == [event.id for event in asked]
    assert reads.batches == [1, 1], "twenty citizens with one question are one question"


async def test_a_repeat_is_told_the_same_words_under_the_same_id(chatbot: Chatbot) -> None:
    question = heard("làm hộ chiếu", oa_id=POLICE, msg_id="m1")
    first = await chatbot.on_batch(batch(question))
    again = await chatbot.on_batch(batch(question))
    assert again == first


async def test_the_same_message_twice_in_one_batch_is_decided_once(chatbot: Chatbot, db: Database) -> None:
    question = heard("làm hộ chiếu", oa_id=POLICE, msg_id="m2")
    said = await chatbot.on_batch(batch(question, question))
    assert len({event.id for event in said}) == 1
    stored = await db.conversations.find_one({})
    assert stored is not None
    assert stored["v"] == 1


async def test_a_repeat_hours_later_says_nothing_new(chatbot: Chatbot) -> None:
    question = heard("làm hộ chiếu", oa_id=POLICE, msg_id="m3")
    await chatbot.on_batch(batch(question))
    await chatbot.on_batch(batch(heard("menu", oa_id=POLICE, at=NOON + timedelta(hours=1))))
    assert await chatbot.on_batch(batch(question)) == []


async def test_who_writes_second_fails_before_it_has_spoken(chatbot: Chatbot) -> None:
    event = heard("menu", oa_id=POLICE)
    slow = await chatbot.conversations.recall({event.conversation: event.oa_id})
    await chatbot.on_batch(batch(event))
    slow[event.conversation].keep(heard("menu", oa_id=POLICE), slow[event.conversation].state, [])
    with pytest.raises(Transient):
        await chatbot.conversations.remember(slow.values())


async def test_nothing_a_citizen_typed_lies_open_in_the_database(chatbot: Chatbot, db: Database) -> None:
    secret = "Nguyễn Thị Bí Mật 079123456789"
    await chatbot.on_batch(
        batch(heard(secret, oa_id=POLICE), heard("gặp cán bộ", oa_id=POLICE, at=NOON + timedelta(hours=2)))
    )
    names = await db.list_collection_names()
    dump = repr([await db[name].find({}).to_list(None) for name in names])
    assert {"conversations", "queue"} <= set(names)
    assert "Bí Mật" not in dump
    assert "079123456789" not in dump


async def test_who_withdraws_is_forgotten_and_that_is_said(chatbot: Chatbot, db: Database) -> None:
    await chatbot.on_batch(batch(heard("menu", oa_id=POLICE)))
    withdrew = fact(CitizenWithdrew, oa_id=POLICE, address=sealed_address(oa_id=POLICE))
    said = await chatbot.on_batch(batch(withdrew))
    assert [type(event) for event in said] == [ChatbotForgot]
    assert await db.conversations.find_one({"_id": conversation(oa_id=POLICE)}) is None


async def test_an_officers_silence_ends_by_the_clock_and_a_crash_repeats_the_same_words(
    chatbot: Chatbot, db: Database
) -> None:
    await chatbot.on_batch(batch(heard("gặp cán bộ", oa_id=POLICE, at=NOON + timedelta(hours=2))))
    log = MemoryLog()
    later = NOON + timedelta(hours=5)
    timers = Timers(chatbot, log.mouth(), now=lambda: later)
    assert await timers.sweep() == 1
    assert await timers.sweep() == 0
    before = await db.conversations.find_one({})
    assert before is not None
    assert before["due"] is None
