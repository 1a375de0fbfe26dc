"""Erases what the gateway itself stores of a citizen who withdrew, and publishes that it did."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from chassis.errors import TransientError
from chassis.jobs import Job, each
from chassis.publisher import EventEncoder
from chassis.records import Clock
from chassis.wake_up import WakeUp
from contracts.gateway import CitizenWithdrew, GatewayForgot, ReporterWithdrew
from services.gateway.decide import Outcome
from services.gateway.group_commit import GroupCommit
from services.gateway.metrics import FORGOTTEN
from services.gateway.store.erasures import Erasures
from services.gateway.store.quarantine import QuarantineStore
from services.gateway.store.spool import Spool

log = structlog.get_logger()

_RETRY_SECONDS = 2.0
_LEFT_BEHIND, _PAGE = timedelta(minutes=1), 100
_DURABLE = frozenset({Outcome.ACCEPTED, Outcome.SPOOLED, Outcome.REPEAT})


@dataclass(slots=True)
class Eraser:
    """Zalo has its answer as soon as `CitizenWithdrew` is durable; this follows, again and again until it is done.

    Should the process die first, another finds the erasure in MongoDB. Were MongoDB away too, what is left behind is sealed and
    short-lived: the spool is drained when the outage ends, and MongoDB removes rejects after some days.
    """

    spool: Spool
    quarantine: QuarantineStore
    group_commit: GroupCommit
    encoder: EventEncoder
    erasures: Erasures
    now: Clock = lambda: datetime.now(UTC)
    _waiting: dict[str, CitizenWithdrew] = field(default_factory=dict)
    _wake: WakeUp = field(default_factory=WakeUp)

    async def enqueue(self, event: CitizenWithdrew) -> None:
        """MongoDB being away holds nobody up: this process then remembers alone."""
        self._waiting[_key(event)] = event
        try:
            await self.erasures.add(event)
        except TransientError as fault:
            log.warning("erasure_only_in_memory", why=str(fault))
        self._wake.wake()

    def job(self) -> Job[CitizenWithdrew]:
        return Job("erase_citizens", _RETRY_SECONDS, self._claim, each(self.erase), key=_key, wake=self._wake)

    async def _claim(self, parked: frozenset[str]) -> Sequence[CitizenWithdrew]:
        """Returns this process's own, and what another has not done for a while."""
        own = [event for key, event in self._waiting.items() if key not in parked]
        known = {*self._waiting, *parked}
        return own + await self.erasures.due(self.now() - _LEFT_BEHIND, known, _PAGE)

    async def erase(self, event: CitizenWithdrew) -> None:
        """Idempotent. Raises TransientError until the event about it is durable."""
        spooled = await self.spool.erase(
            event.conversation, event.occurred_at, but=(event.id, derived_withdrawal(event).id)
        )
        quarantined = await self.quarantine.erase(event.conversation)
        forgot = GatewayForgot.derive(event)
        outcome = await self.group_commit.submit(forgot.id, self.encoder.encode(forgot))
        if outcome not in _DURABLE:
            raise TransientError(f"that a citizen was forgotten could not be made durable ({outcome})")
        await self.erasures.delete(event)
        self._waiting.pop(_key(event), None)
        FORGOTTEN.inc()
        log.info("forgotten", spooled=spooled, rejects=quarantined)


def derived_withdrawal(event: CitizenWithdrew) -> ReporterWithdrew:
    """Returns the withdrawal as tips hears it: in order with what was written to tips."""
    return ReporterWithdrew.derive(event, address=event.address)


def _key(event: CitizenWithdrew) -> str:
    return str(event.id)
