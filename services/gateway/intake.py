"""One delivery, start to finish: judge it, make it durable, remember that it was seen. Only then is there an answer."""

import time
from dataclasses import dataclass

import structlog

from chassis.headers import utter
from contracts.gateway import CitizenWithdrew
from services.gateway.erasure import Erasure
from services.gateway.facts import Facts
from services.gateway.front import Front
from services.gateway.judge import Outcome, Verdict, judge
from services.gateway.registry.directory import Directory
from services.gateway.rejects import Delivery, RejectRoom
from services.gateway.sightings import Sightings

log = structlog.get_logger()

# Zalo's own, but not for the log: kept before they are acknowledged, so that a person can look and try again.
_KEPT = frozenset({Outcome.KEPT, Outcome.UNKNOWN_OA})


@dataclass(slots=True)
class Intake:
    directory: Directory
    facts: Facts
    front: Front
    rejects: RejectRoom
    sightings: Sightings
    erasure: Erasure
    prefix: str = ""
    skew_seconds: float = 0.0  # Our clock minus the last event's timestamp.

    async def take(self, delivery: Delivery) -> Verdict:
        """The verdict with its final outcome. ACCEPTED, SPOOLED, REPEAT and KEPT mean durable. Raises nothing of the world's."""
        arrived_ms = time.time_ns() // 1_000_000
        verdict = judge(delivery.raw, delivery.signature, self.directory, arrived_ms)
        if verdict.parsed is not None:
            event = self.facts.fact(verdict.parsed, delivery.raw)
            self.skew_seconds = (arrived_ms - verdict.parsed.at_ms) / 1_000
            word = utter(event, "gateway", prefix=self.prefix, arrived_ms=arrived_ms)
            verdict = verdict.ended(await self.front.offer(event.id, word))
            if isinstance(event, CitizenWithdrew):
                self._forget(event, verdict.outcome)
        elif verdict.outcome in _KEPT:
            if not await self.rejects.keep(verdict, delivery):
                verdict = verdict.ended(Outcome.UNAVAILABLE)
        elif verdict.outcome is Outcome.BAD_SIGNATURE and verdict.oa_id and self.directory.knows(verdict.oa_id):
            self.rejects.put_aside(verdict, delivery)
        self.sightings.note(verdict)
        return verdict

    def _forget(self, event: CitizenWithdrew, outcome: Outcome) -> None:
        """Only once it is durable: until then Zalo will send it again."""
        if outcome in (Outcome.ACCEPTED, Outcome.SPOOLED):
            self.facts.forget()
            self.erasure.begin(event)
