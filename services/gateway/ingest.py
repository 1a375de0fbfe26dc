"""One delivery from start to finish: decide, make it durable, record that the OA was seen. Only then is it answered."""

import time
from dataclasses import dataclass

import structlog

from chassis.publisher import EventEncoder
from chassis.trace import TraceContext
from contracts.gateway import CitizenWithdrew
from services.gateway.decide import Outcome, Verdict, decide
from services.gateway.erase import Eraser
from services.gateway.events import EventFactory
from services.gateway.group_commit import GroupCommit
from services.gateway.last_seen import LastSeen
from services.gateway.quarantine import Delivery, Quarantine
from services.gateway.registry.cache import RegistryCache

log = structlog.get_logger()

# Zalo's own, but not for the log: quarantined before they are acknowledged, so that an operator can try again.
_QUARANTINED = frozenset({Outcome.KEPT, Outcome.UNKNOWN_OA})


@dataclass(slots=True)
class Ingest:
    registry: RegistryCache
    events: EventFactory
    group_commit: GroupCommit
    quarantine: Quarantine
    last_seen: LastSeen
    eraser: Eraser
    encoder: EventEncoder
    skew_seconds: float = 0.0  # Our clock minus the last event's timestamp.

    async def handle(self, delivery: Delivery) -> Verdict:
        """Returns the verdict with its final outcome. ACCEPTED, SPOOLED, REPEAT and KEPT mean durable."""
        arrived_ms = time.time_ns() // 1_000_000
        verdict = decide(delivery.raw, delivery.signature, self.registry, arrived_ms)
        if verdict.parsed is not None:
            event = self.events.build(verdict.parsed, delivery.raw)
            self.skew_seconds = (arrived_ms - verdict.parsed.at_ms) / 1_000
            record = self.encoder.encode(event, TraceContext.start(event.id, arrived_ms))
            verdict = verdict.with_outcome(await self.group_commit.submit(event.id, record))
            if isinstance(event, CitizenWithdrew):
                self._forget(event, verdict.outcome)
        elif verdict.outcome in _QUARANTINED:
            if not await self.quarantine.save(verdict, delivery):
                verdict = verdict.with_outcome(Outcome.UNAVAILABLE)
        elif verdict.outcome is Outcome.BAD_SIGNATURE and verdict.oa_id and self.registry.knows(verdict.oa_id):
            self.quarantine.quarantine(verdict, delivery)
        self.last_seen.record(verdict)
        return verdict

    def _forget(self, event: CitizenWithdrew, outcome: Outcome) -> None:
        """Only once it is durable: until then Zalo will send it again."""
        if outcome in (Outcome.ACCEPTED, Outcome.SPOOLED):
            self.events.clear_cache()
            self.eraser.enqueue(event)
