"""Who answers what: every port of the house, joined once. One line per subject; `__main__` stays short."""

import asyncio
from dataclasses import dataclass

from chassis.crypto import KeyRing, Pepper
from chassis.mongo import Database
from services.chatbot import metrics
from services.chatbot.dialogue.effect_runner import EffectHandlers
from services.chatbot.dialogue.effects import Eraser, PreparedStore, Sequential
from services.chatbot.features.appointments.effects import (
    CancelBooking,
    ConfirmSeat,
    HoldSeat,
    JoinWaitlist,
    LeaveWaitlist,
    MyBookings,
    TakenSeats,
)
from services.chatbot.features.appointments.store.seats import Seats
from services.chatbot.features.appointments.store.waitlist import Waitlist
from services.chatbot.features.officer.effects import JoinQueue, LeaveQueue
from services.chatbot.features.officer.store import OfficerQueue
from services.chatbot.features.survey.effects import FileSurvey
from services.chatbot.features.survey.store import Surveys
from services.chatbot.lookups.store.datasets import Datasets
from services.chatbot.lookups.systems import ExternalSystems
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.registry import ModelRegistry
from services.chatbot.reminders.effects import CancelReminders, ScheduleReminder
from services.chatbot.reminders.store import Reminders
from services.chatbot.store import Conversations
from services.chatbot.wiring_lookups import Lookups, wire_lookups
from services.chatbot.wiring_papers import Filing, wire_filing


@dataclass(frozen=True, slots=True)
class Service:
    effect_handlers: EffectHandlers
    conversations: Conversations
    queue: OfficerQueue
    surveys: Surveys
    reminders: Reminders
    seats: Seats
    waitlist: Waitlist
    datasets: Datasets
    lookups: Lookups
    filing: Filing
    erasers: tuple[Eraser, ...]


async def build(
    db: Database, ring: KeyRing, pepper: Pepper, models: ModelRegistry, systems: ExternalSystems
) -> Service:
    """Raises TransientError when the database does not answer."""
    metrics.prepare()
    conversations, queue, surveys = (
        Conversations(db.conversations, ring),
        OfficerQueue(db.queue, ring),
        Surveys(db.surveys, ring),
    )
    reminders, seats, waitlist = Reminders(db.bells, ring), Seats(db.seats, ring), Waitlist(db.waiting)
    datasets = Datasets(db)
    lookups = wire_lookups(db, datasets, ring, pepper, systems)
    filing = wire_filing(db, ring, pepper, reminders, lookups.attempts, fetcher=systems.fetcher)
    stores: tuple[PreparedStore, ...] = (conversations, queue, surveys, reminders, seats, waitlist, datasets, filing)
    await asyncio.gather(*(store.prepare() for store in (*stores, *lookups.stores)))
    effect_handlers: EffectHandlers = {
        Understand: models,
        JoinQueue: queue,
        LeaveQueue: Sequential(queue.answer_leave),
        FileSurvey: surveys,
        ScheduleReminder: reminders,
        CancelReminders: Sequential(reminders.cancel),
        **lookups.effect_handlers,
        **filing.effect_handlers,
        **appointment_handlers(seats, waitlist),
    }
    erasers: tuple[Eraser, ...] = (queue.forget, reminders.forget, seats.forget, waitlist.forget)
    erasers += (*lookups.erasers, *filing.erasers)
    return Service(
        effect_handlers, conversations, queue, surveys, reminders, seats, waitlist, datasets, lookups, filing, erasers
    )


def appointment_handlers(seats: Seats, waitlist: Waitlist) -> EffectHandlers:
    return {
        TakenSeats: Sequential(seats.taken),
        HoldSeat: Sequential(seats.hold),
        ConfirmSeat: Sequential(seats.confirm),
        MyBookings: Sequential(seats.mine),
        CancelBooking: Sequential(seats.cancel),
        JoinWaitlist: Sequential(waitlist.join),
        LeaveWaitlist: Sequential(waitlist.leave),
    }
