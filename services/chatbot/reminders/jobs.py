"""Rings bells: what was to be said later is said once it is due, under a derived id: twice rung is once heard."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid5

import structlog

from chassis.errors import TransientError
from chassis.publisher import Publisher
from chassis.records import Clock
from contracts.chatbot import ReplyChosen
from services.chatbot.dialogue.events import EventMapper
from services.chatbot.features.appointments.jobs import SeatOffers
from services.chatbot.metrics import TIMERS_FIRED
from services.chatbot.reminders.store import Reminder, Reminders

log = structlog.get_logger()

BATCH_SIZE = 200
EVERY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class ReminderJob:
    reminders: Reminders
    offers: SeatOffers
    mapper: EventMapper
    publisher: Publisher
    now: Clock = lambda: datetime.now(UTC)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.offers.sweep(self.now())
                await self.sweep()
            except TransientError as error:
                log.warning("bells_wait", why=str(error))  # What is due stays due.

    async def sweep(self) -> int:
        due = await self.reminders.due(self.now(), BATCH_SIZE)
        await self.publisher.publish([self._event(reminder) for reminder in due])
        await self.reminders.mark_sent(due)
        TIMERS_FIRED.inc(len(due))
        return len(due)

    def _event(self, reminder: Reminder) -> ReplyChosen:
        return ReplyChosen(
            id=uuid5(reminder.id, "rang"),
            occurred_at=reminder.due,
            conversation=reminder.conversation,
            oa_id=reminder.oa_id,
            outcome="reminder",
            body=self.mapper.sealed_message(reminder.oa_id, reminder.parts),
            address=reminder.address,
        )
