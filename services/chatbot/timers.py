"""What is due without a word from the citizen: a reminder, the end of an officer's silence, an errand let go of.

The words are stored in the same write as the state while the document stays due; only after they are on the log does it stop
being due. A crash in between says the same words again, under the same ids.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import NAMESPACE_OID, uuid5

import structlog

from chassis.errors import TransientError
from chassis.outbox import ConversationRecord
from chassis.publisher import Publisher
from chassis.records import Clock
from contracts.event import Event
from services.chatbot.decide import decide
from services.chatbot.dialogue.state import Conversation
from services.chatbot.dialogue.turn import Trigger, Turn
from services.chatbot.handle import ChatbotHandler, count
from services.chatbot.metrics import TIMERS_FIRED

log = structlog.get_logger()

BATCH_SIZE = 100
EVERY_SECONDS = 2.0


class TimerFired(Event):
    """Never on the log: the cause of what a timer leads to, with an id derived from what was due when."""

    topic: ClassVar[str] = ""
    type: str = "timer.rang.v1"

    @classmethod
    def at(cls, record: ConversationRecord[Conversation], due: datetime) -> "TimerFired":
        event_id = uuid5(NAMESPACE_OID, f"{record.conversation}#{due.isoformat()}")
        return cls(id=event_id, occurred_at=due, conversation=record.conversation, oa_id=record.oa_id)


@dataclass(frozen=True, slots=True)
class ConversationTimers:
    handler: ChatbotHandler
    publisher: Publisher
    now: Clock = lambda: datetime.now(UTC)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.sweep()
            except TransientError as error:
                log.warning("timers_wait", why=str(error))  # What is due stays due.

    async def sweep(self) -> int:
        """Ring what is due. Another replica may ring the same: the version guard lets one of them through."""
        due = await self.handler.conversations.due(self.now(), BATCH_SIZE)
        for record, due_at in due:
            try:
                await self._fire(record, due_at)
            except TransientError:
                continue  # Overtaken by a message or a neighbour; if it is still due, the next sweep finds it.
        return len(due)

    async def _fire(self, record: ConversationRecord[Conversation], due: datetime) -> None:
        event = TimerFired.at(record, due)
        if record.is_duplicate(event):
            events = record.replay(event)
        else:
            turn = Turn(Trigger.TIMER, event, self.now())
            context = self.handler.contexts.create(event, turn.at, record.state)
            decisions = await self.handler.new_runner().run(
                {record.conversation: decide(record.state, turn, context, self.handler.flows)}
            )
            decision = decisions[record.conversation]
            events = self.handler.mapper.events(event, decision)
            record.record_event(event, decision.state, events)
            await self.handler.conversations.save([record], {"due": due})
            count(decision)
            TIMERS_FIRED.inc()
        await self.publisher.publish(events)
        await self.handler.conversations.timer_done(record)
