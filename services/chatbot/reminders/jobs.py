"""Publishes reminders once they are due, under derived ids: published twice, they are sent once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid5

from chassis.crypto import Place
from chassis.jobs import Job
from chassis.mongo import Document
from chassis.publisher import Publisher
from chassis.records import Clock
from contracts.chatbot import ReplyChosen
from services.chatbot.dialogue.events import EventMapper
from services.chatbot.metrics import TIMERS_FIRED
from services.chatbot.reminders.store import Reminder, Reminders

PAGE = 200
EVERY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class ReminderJob:
    reminders: Reminders
    mapper: EventMapper
    publisher: Publisher
    clock: Clock

    def job(self) -> Job[Document]:
        return Job(
            "reminders", EVERY_SECONDS, self.claim, self.publish, key=lambda document: document["_id"], page=PAGE
        )

    async def claim(self, parked: frozenset[str]) -> Sequence[Document]:
        return await self.reminders.due(self.clock(), PAGE, without=parked)

    async def publish(self, documents: Sequence[Document]) -> None:
        """Raises DecryptionError when the key of one is gone: then none of these is published."""
        due = [self.reminders.opened(document) for document in documents]
        await self.publisher.publish([self._event(reminder) for reminder in due])
        await self.reminders.mark_sent(due)
        TIMERS_FIRED.inc(len(due))

    def _event(self, reminder: Reminder) -> ReplyChosen:
        event_id = uuid5(reminder.id, "rang")
        place = Place.body(reminder.oa_id, reminder.conversation, event_id)
        return ReplyChosen(
            id=event_id,
            occurred_at=reminder.due,
            conversation=reminder.conversation,
            oa_id=reminder.oa_id,
            outcome="reminder",
            body=self.mapper.sealed_message(place, reminder.parts),
            address=reminder.address,
        )
