"""One batch from start to finish: load, decide in order, persist, save, and return the events to publish."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chassis.crypto import KeyRing, Place
from chassis.outbox import ConversationRecord
from chassis.records import ReceivedEvent
from chassis.trace import arrived_ms
from contracts.event import Event
from contracts.floor import command
from contracts.gateway import CitizenWithdrew, MessageReceived
from contracts.message import InboundMessage, OutboundMessage
from contracts.tips import TipReplyChosen, TipsForgot
from services.tips.decide import AddMessage, Identify, decide
from services.tips.identifiers import Identifiers
from services.tips.metrics import DURABLE
from services.tips.persist import CaseWriter, CausedCommand
from services.tips.state import State, TipMessage
from services.tips.store.conversations import Conversations
from services.tips.texts import outbound_message

CONSUMES = frozenset({"message.received.v1", "citizen.withdrew.v1"})


@dataclass(slots=True)
class _BatchResult:
    """What a batch comes to, in order. A withdrawal stands between what was ordered before it and after it."""

    events: list[Event] = field(default_factory=list)
    commands: list[list[CausedCommand]] = field(default_factory=lambda: [[]])
    withdrawn: list[str] = field(default_factory=list)
    stored: list[ReceivedEvent] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TipsHandler:
    conversations: Conversations
    writer: CaseWriter
    identifiers: Identifiers
    bodies: KeyRing
    wake: Callable[[], None] = lambda: None  # Wakes the outbox relay and the media workers.

    async def handle(self, batch: Sequence[ReceivedEvent]) -> list[Event]:
        """Raises TransientError when a dependency is away, DecryptionError for a body that does not open."""
        records = await self.conversations.load(
            {received.event.conversation: received.event.oa_id for received in batch}
        )
        result = _BatchResult()
        for received in batch:
            self._process(result, received, records[received.event.conversation])
        await self._persist(result)
        await self.conversations.save(records.values())
        self._observe(result)
        return result.events

    def _process(self, result: _BatchResult, received: ReceivedEvent, record: ConversationRecord[State]) -> None:
        event = received.event
        if record.is_duplicate(event):
            result.events += record.replay(event)
        elif isinstance(event, CitizenWithdrew):
            events = [TipsForgot.derive(event)]
            record.forget(event, State(), events)
            result.events += events
            result.withdrawn.append(event.conversation)
            result.commands.append([])
        elif isinstance(event, MessageReceived):
            self._process_message(result, received, event, record)

    def _process_message(
        self, result: _BatchResult, received: ReceivedEvent, event: MessageReceived, record: ConversationRecord[State]
    ) -> None:
        spoken = InboundMessage.model_validate_json(self.bodies.open(event.body, Place.body_of(event)))
        ids = self.identifiers.for_event(event.id)
        message = TipMessage(piece_id=ids.piece_id, kind=event.kind, at=event.occurred_at, spoken=spoken)
        decision = decide(record.state, message, ids)
        if (
            decision.state == record.state
            and not decision.commands
            and not decision.replies
            and not command(spoken.text)
        ):
            return  # Answered by the chatbot, like most messages: nothing of them is stored here.
        events = [
            self._reply_event(event, index, outbound_message(reply)) for index, reply in enumerate(decision.replies)
        ]
        record.record_event(event, decision.state, events)
        result.events += events
        result.commands[-1] += [CausedCommand(case_command, event) for case_command in decision.commands]
        if any(isinstance(case_command, AddMessage | Identify) for case_command in decision.commands):
            result.stored.append(received)

    def _reply_event(self, cause: MessageReceived, index: int, message: OutboundMessage) -> TipReplyChosen:
        reply_id = TipReplyChosen.derived_id(cause, index)
        place = Place.body(cause.oa_id, cause.conversation, reply_id)
        body = self.bodies.seal(message.model_dump_json().encode(), place)
        return TipReplyChosen.derive(cause, index, id=reply_id, body=body, address=cause.address)

    async def _persist(self, result: _BatchResult) -> None:
        for index, commands in enumerate(result.commands):
            await self.writer.execute(commands)
            if index < len(result.withdrawn):
                await self.writer.forget([result.withdrawn[index]])

    def _observe(self, result: _BatchResult) -> None:
        now_ms = time.time_ns() // 1_000_000
        for received in result.stored:
            if arrived := arrived_ms(received.record.headers):
                DURABLE.observe(max(0, now_ms - arrived) / 1_000)
        if any(result.commands):
            self.wake()
