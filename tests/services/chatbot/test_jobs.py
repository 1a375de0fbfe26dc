"""What is due without a message, on a real MongoDB: an item that cannot be handled is parked alone, and the others go on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.crypto import KeyRing
from chassis.job_runner import JobWorker, job_retry_policy
from chassis.jobs import Job
from chassis.mongo import Database, database
from chassis.parked import ParkedStore
from chassis.publisher import Publisher
from contracts.chatbot import EVENTS, ErrandEnded, ReplyChosen
from contracts.event import Event
from contracts.message import MessagePart
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.dialogue.context_factory import ContextFactory
from services.chatbot.dialogue.effect_runner import EffectRunner
from services.chatbot.dialogue.events import EventMapper
from services.chatbot.dialogue.state import Conversation, FlowState
from services.chatbot.features.flows import FLOWS
from services.chatbot.handle import ChatbotHandler
from services.chatbot.jobs import ConversationTimers
from services.chatbot.reminders.effects import ScheduleReminder
from services.chatbot.reminders.jobs import ReminderJob
from services.chatbot.reminders.store import Reminders
from services.chatbot.store import Conversations
from tests.doubles import BODIES, NOON, RETIRED, MemoryLog, sealed_address
from tests.services.chatbot.conftest import POLICE

pytestmark = pytest.mark.live

MAPPER = EventMapper(BODIES, "http://chatbot")
LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    name = f"jobs_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as mongo_db:
        yield mongo_db
        await mongo_db.client.drop_database(name)


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


def reminder(number: int) -> ScheduleReminder:
    parts = (MessagePart(text=f"Nhắc hẹn {number}"),)
    return ScheduleReminder(UUID(int=number), f"c{number}", POLICE, sealed_address(oa_id=POLICE), NOON, parts)


def reminder_job(db: Database, log: MemoryLog, ring: KeyRing = BODIES) -> Job[Any]:
    reminders = Reminders(db.bells, ring)
    return ReminderJob(reminders, MAPPER, Publisher("chatbot", "", log.producer()), lambda: LATER).job()


async def run(job: Job[Any], db: Database) -> frozenset[str]:
    """One round; the keys that are parked after it."""
    parked = ParkedStore(db)
    await JobWorker(job, parked, job_retry_policy(job)).run_once()
    return await parked.keys(job.name)


def published(log: MemoryLog, kind: type[Event]) -> list[str]:
    """The conversations that these events are about."""
    return sorted(event.conversation for event in log.events(EVENTS) if isinstance(event, kind))


@pytest.mark.expects_errors("item_parked")
async def test_a_reminder_under_a_retired_key_does_not_stop_the_others(db: Database, log: MemoryLog) -> None:
    await Reminders(db.bells, BODIES).answer([reminder(1), reminder(3)])
    await Reminders(db.bells, RETIRED).answer([reminder(2)])
    assert await run(reminder_job(db, log), db) == {UUID(int=2).hex}
    assert published(log, ReplyChosen) == ["c1", "c3"]
    (item,) = await ParkedStore(db).list("reminders", 10)
    assert item.reason == "DecryptionError"


@pytest.mark.expects_errors("item_parked")
async def test_it_is_said_after_all_when_its_key_is_back_and_it_is_redriven(db: Database, log: MemoryLog) -> None:
    await Reminders(db.bells, RETIRED).answer([reminder(2)])
    await run(reminder_job(db, log), db)
    both = KeyRing({**BODIES.keys, **RETIRED.keys})
    assert await run(reminder_job(db, log, both), db) == {UUID(int=2).hex}, "parked until somebody says so"
    await ParkedStore(db).redrive("reminders", None, LATER)
    assert await run(reminder_job(db, log, both), db) == frozenset()
    assert published(log, ReplyChosen) == ["c2"]
    assert await db.bells.count_documents({}) == 0


@pytest.mark.expects_errors("item_parked")
async def test_timers_of_a_removed_flow_and_of_a_retired_key_do_not_stop_the_others(
    db: Database, log: MemoryLog, content: Content
) -> None:
    for name, flow, ring in (("c1", "f_dat_lich", BODIES), ("c2", "f_da_bo", BODIES), ("c3", "f_dat_lich", RETIRED)):
        await leave_half_done(db, name, flow, ring)
    assert await run(timer_job(db, log, content), db) == {"c3"}
    assert published(log, ReplyChosen) == ["c1"]
    assert published(log, ErrandEnded) == ["c2"], "nobody can go on with it, so it is let go of"


async def leave_half_done(db: Database, name: str, flow: str, ring: KeyRing) -> None:
    conversations = Conversations(db.conversations, ring)
    began = NOON - timedelta(hours=1)
    flow_state = FlowState(flow=flow, step="service", began_at=began, touched_at=began)
    (record,) = (await conversations.load({name: POLICE})).values()
    record.update(Conversation(run=flow_state, address=sealed_address(oa_id=POLICE)))
    await conversations.save([record])


def timer_job(db: Database, log: MemoryLog, content: Content) -> Job[Any]:
    handler = ChatbotHandler(
        Conversations(db.conversations, BODIES),
        ContextFactory(ContentEditions(content), "e_government"),
        lambda: EffectRunner({}),
        FLOWS,
        BODIES,
        MAPPER,
    )
    return ConversationTimers(handler, Publisher("chatbot", "", log.producer()), lambda: LATER).job()
