"""What the chatbot does without a message: fire the timers of conversations, and publish what an editor has written.

A timer: a half-done flow is mentioned or dropped, an officer's silence ends. Its reply is stored in the same write as the
state while the document stays due; only after they are on the log does it stop being due. A crash in between says the same words
again, under the same ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from uuid import NAMESPACE_OID, uuid5

import structlog

from chassis.jobs import Job, each, periodic
from chassis.outbox import ConversationRecord
from chassis.publisher import Publisher
from chassis.records import Clock
from contracts.event import Event
from services.chatbot.content.editions import ContentEditions
from services.chatbot.content.watch import ContentPoller, Published, Refused
from services.chatbot.decide import decide
from services.chatbot.dialogue.state import Conversation
from services.chatbot.dialogue.turn import Trigger, Turn
from services.chatbot.handle import ChatbotHandler, count
from services.chatbot.metrics import CONTENT_INFO, CONTENT_REFUSED, TIMERS_FIRED
from services.chatbot.store import DueTimer

log = structlog.get_logger()

PAGE = 100
TIMER_SECONDS = 2.0
WATCH_SECONDS = 2.0
TRAINING_SECONDS = 600.0  # A reload that takes longer is a fault; the edition before it goes on meanwhile.


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
    """Several replicas may find the same due: the version guard lets one of them through."""

    handler: ChatbotHandler
    publisher: Publisher
    clock: Clock

    def job(self) -> Job[DueTimer]:
        return Job(
            "conversation_timers",
            TIMER_SECONDS,
            self.claim,
            each(self.fire),
            key=lambda timer: timer.conversation,
            page=PAGE,
        )

    async def claim(self, parked: frozenset[str]) -> Sequence[DueTimer]:
        return await self.handler.conversations.due(self.clock(), PAGE, without=parked)

    async def fire(self, timer: DueTimer) -> None:
        """Raises TransientError when it was overtaken: tried again, it sees the conversation as it is by then."""
        record = await self.handler.conversations.load_due(timer)
        if record is None:
            return
        event = TimerFired.at(record, timer.due)
        if record.is_duplicate(event):
            events = record.replay(event)
        else:
            events = await self._decide(record, event)
        await self.publisher.publish(events)
        await self.handler.conversations.timer_done(record)

    async def _decide(self, record: ConversationRecord[Conversation], event: TimerFired) -> list[Event]:
        turn = Turn(Trigger.TIMER, event, self.clock())
        await self.handler.contexts.load_editions([record.state])
        context = self.handler.contexts.create(event, turn.at, record.state)
        process = decide(record.state, turn, context, self.handler.flows)
        decision = (await self.handler.new_runner().run({record.conversation: process}))[record.conversation]
        events = self.handler.mapper.events(event, decision)
        record.record_event(event, decision.state, events)
        await self.handler.conversations.save([record], {"due": event.occurred_at})
        count(decision)
        TIMERS_FIRED.inc()
        return events


def content_watch(editions: ContentEditions, root: Path) -> Job[None]:
    poller = ContentPoller(editions, root, record_publication)
    return replace(periodic("content_watch", WATCH_SECONDS, poller.poll), call_seconds=TRAINING_SECONDS)


def record_publication(outcome: Published | Refused) -> None:
    """What operators see when an editor's content goes live, or is refused."""
    match outcome:
        case Published(version):
            CONTENT_INFO.clear()
            CONTENT_INFO.labels(version).set(1)
            log.info("content_published", version=version)
        case Refused(faults):
            CONTENT_REFUSED.inc()
            log.warning("content_refused", faults=[str(fault) for fault in faults[:20]])
