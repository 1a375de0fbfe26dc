"""One delivery from start to finish: decide, make it durable, record that the OA was seen. Only then is it answered."""

import time
from dataclasses import dataclass

import structlog

from chassis.publisher import EventEncoder
from chassis.trace import TraceContext
from contracts.floor import Holder
from contracts.gateway import CitizenWithdrew
from services.gateway.decide import Outcome, Verdict, decide
from services.gateway.erase import Eraser, derived_withdrawal
from services.gateway.events import EventFactory
from services.gateway.floors import TO_CHATBOT, Floors, Routing, moved_event
from services.gateway.group_commit import GroupCommit
from services.gateway.last_seen import LastSeen
from services.gateway.quarantine import Delivery, Quarantine
from services.gateway.registry.cache import RegistryCache
from services.gateway.zalo.catalogue import Shape
from services.gateway.zalo.envelope import when
from services.gateway.zalo.parse import Parsed

log = structlog.get_logger()

# Zalo's own, but not for the log: quarantined before they are acknowledged, so that an operator can try again.
_QUARANTINED = frozenset({Outcome.KEPT, Outcome.UNKNOWN_OA})
_TO_BE_SENT_AGAIN = frozenset({Outcome.UNAVAILABLE, Outcome.SHED})
_ROUTED = frozenset({Shape.MESSAGE, Shape.INFO})


@dataclass(slots=True)
class Ingest:
    registry: RegistryCache
    events: EventFactory
    group_commit: GroupCommit
    quarantine: Quarantine
    last_seen: LastSeen
    eraser: Eraser
    encoder: EventEncoder
    floors: Floors
    skew_seconds: float = 0.0  # Our clock minus the last event's timestamp.

    async def handle(self, delivery: Delivery) -> Verdict:
        """Returns the verdict with its final outcome. ACCEPTED, SPOOLED, REPEAT and KEPT mean durable."""
        arrived_ms = time.time_ns() // 1_000_000
        verdict = decide(delivery.raw, delivery.signature, self.registry, arrived_ms)
        if self.floors.is_starting():
            return verdict.with_outcome(Outcome.UNAVAILABLE) if verdict.parsed is not None else verdict
        if verdict.parsed is not None:
            routing = self._route(verdict.parsed)
            event = self.events.build(verdict.parsed, delivery.raw, routing)
            self.skew_seconds = (arrived_ms - verdict.parsed.at_ms) / 1_000
            record = self.encoder.encode(event, TraceContext.start(event.id, arrived_ms))
            moved = self.encoder.encode(moved_event(event, routing.known)) if routing.known is not None else None
            verdict = verdict.with_outcome(await self.group_commit.submit(event.id, record, moved))
            if isinstance(event, CitizenWithdrew):
                verdict = verdict.with_outcome(await self._withdraw(event, verdict.outcome))
        elif verdict.outcome in _QUARANTINED:
            if not await self.quarantine.save(verdict, delivery):
                verdict = verdict.with_outcome(Outcome.UNAVAILABLE)
        elif verdict.outcome is Outcome.BAD_SIGNATURE and verdict.oa_id and self.registry.knows(verdict.oa_id):
            self.quarantine.quarantine(verdict, delivery)
        self.last_seen.record(verdict)
        return verdict

    def _route(self, parsed: Parsed) -> Routing:
        if parsed.shape is Shape.WITHDRAW:
            conversation = self.events.conversation(parsed.oa_id, parsed.person)
            return Routing(Holder.CHATBOT, self.floors.close(conversation, when(parsed.at_ms)))
        if parsed.shape not in _ROUTED or parsed.message is None:
            return TO_CHATBOT
        conversation = self.events.conversation(parsed.oa_id, parsed.person)
        return self.floors.route(conversation, parsed.message.text, when(parsed.at_ms))

    async def _withdraw(self, event: CitizenWithdrew, outcome: Outcome) -> Outcome:
        """Told to tips too, and erased here, only once it is durable: until then Zalo will send it again."""
        if outcome in _TO_BE_SENT_AGAIN:
            return outcome
        to_tips = derived_withdrawal(event)
        told_tips = await self.group_commit.submit(to_tips.id, self.encoder.encode(to_tips))
        if told_tips in _TO_BE_SENT_AGAIN:
            return told_tips
        if outcome is not Outcome.REPEAT:
            self.events.clear_cache()
            await self.eraser.enqueue(event)
        return outcome
