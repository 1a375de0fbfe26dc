"""One batch from start to finish: load, decide in order, persist, save, and return the events to publish."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chassis.crypto import KeyRing, Place
from chassis.model import to_json
from chassis.outbox import ConversationRecord
from chassis.records import ReceivedEvent
from chassis.trace import arrived_ms
from chassis.transit import is_sealed_to
from chassis.transit_keys import TransitKeys
from contracts.event import Event
from contracts.gateway import MessageReceived, ReporterWithdrew, TipReceived
from contracts.message import EVIDENCE, InboundMessage, OutboundMessage
from contracts.tips import MessageReleased, TipReplyChosen, TipsForgot
from services.tips.decide import AddMessage, Close, Decision, Identify, decide, keep_evidence
from services.tips.identifiers import Identifiers, MessageIds
from services.tips.metrics import DURABLE
from services.tips.persist import CaseWriter, CausedCommand
from services.tips.state import State, TipMessage
from services.tips.store.conversations import Conversations
from services.tips.texts import Limits, Reply, ReplyKind, outbound_message

CONSUMES = frozenset({"tip.received.v1", "message.received.v1", "reporter.withdrew.v1"})

Received = TipReceived | MessageReceived
_APOLOGY_INDEX = 1_000  # Beyond any reply's: should the message be handled after all, its reply has an id of its own.


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
    transit: TransitKeys
    limits: Limits
    wake: Callable[[], None] = lambda: None  # Wakes the media workers.

    async def handle(self, batch: Sequence[ReceivedEvent]) -> list[Event]:
        """Raises TransientError when a dependency is away, DecryptionError for a body that does not open."""
        await self.transit.load(
            received.event.body for received in batch if isinstance(received.event, TipReceived | MessageReceived)
        )
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
        elif isinstance(event, ReporterWithdrew):
            events = [TipsForgot.derive(event, conversation=event.oa_id)]
            if tip := record.state.tip:  # Nobody is left who could finish it.
                result.commands[-1].append(CausedCommand(Close(tip.case_id, "idle", event.occurred_at), event))
            record.forget(event, State(openings=record.state.openings), events)
            result.events += events
            result.withdrawn.append(event.conversation)
            result.commands.append([])
        elif isinstance(event, TipReceived):
            self._process_message(result, received, event, record)
        elif isinstance(event, MessageReceived) and event.kind in EVIDENCE:
            self._process_evidence(result, received, event, record)

    def _process_message(
        self, result: _BatchResult, received: ReceivedEvent, event: TipReceived, record: ConversationRecord[State]
    ) -> None:
        ids = self.identifiers.for_event(event.id)
        message = self._open(event, ids)
        decision = decide(record.state, message, ids)
        events: list[Event] = [
            self._reply_event(event, index, outbound_message(reply, self.limits))
            for index, reply in enumerate(decision.replies)
        ]
        if not decision.is_ours:
            events.append(self._released(event, message))
        record.record_event(event, decision.state, events)
        result.events += events
        self._add_commands(result, received, event, decision)

    def _process_evidence(
        self, result: _BatchResult, received: ReceivedEvent, event: MessageReceived, record: ConversationRecord[State]
    ) -> None:
        """The chatbot answers it; it may yet become a part of a tip."""
        decision = keep_evidence(record.state, self._open(event, self.identifiers.for_event(event.id)))
        if decision.state == record.state:
            return
        record.record_event(event, decision.state, ())
        self._add_commands(result, received, event, decision)

    def _add_commands(self, result: _BatchResult, received: ReceivedEvent, event: Received, decision: Decision) -> None:
        result.commands[-1] += [CausedCommand(case_command, event) for case_command in decision.commands]
        if any(isinstance(case_command, AddMessage | Identify) for case_command in decision.commands):
            result.stored.append(received)

    async def apologise(self, event: Event) -> Sequence[Event]:
        """Returns the reply to a message to tips that was dead-lettered, whatever it was: nobody else has it."""
        if not isinstance(event, TipReceived):
            return ()
        return [self._reply_event(event, _APOLOGY_INDEX, outbound_message(Reply(ReplyKind.FAILED), self.limits))]

    def _open(self, event: Received, ids: MessageIds) -> TipMessage:
        spoken = InboundMessage.model_validate_json(self.transit.open(event.body, Place.body_of(event)))
        return TipMessage(piece_id=ids.piece_id, kind=event.kind, at=event.occurred_at, spoken=spoken)

    def _released(self, event: TipReceived, message: TipMessage) -> MessageReleased:
        """It is the same message, so it has the same id. What the chatbot can open goes on as it came."""
        body = event.body
        if not is_sealed_to(body, "chatbot"):
            body = self.bodies.seal(to_json(message.spoken), Place.body_of(event))
        fields = event.model_dump(exclude={"type", "body"})
        return MessageReleased(**fields, body=body)

    def _reply_event(self, cause: TipReceived, index: int, message: OutboundMessage) -> TipReplyChosen:
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
