"""Erases what the gateway itself stores of a citizen who withdrew, and publishes that it did."""

import asyncio
from dataclasses import dataclass, field

import structlog

from chassis.errors import TransientError
from chassis.publisher import EventEncoder
from contracts.gateway import CitizenWithdrew, GatewayForgot
from services.gateway.decide import Outcome
from services.gateway.group_commit import GroupCommit
from services.gateway.metrics import FORGOTTEN
from services.gateway.store.quarantine import QuarantineStore
from services.gateway.store.spool import Spool

log = structlog.get_logger()

_RETRY_SECONDS = 2.0


@dataclass(slots=True)
class Eraser:
    """Zalo has its answer as soon as `CitizenWithdrew` is durable; this follows, again and again until it is done.

    Should the process die first, what is left behind is sealed and short-lived: the spool is drained when the outage ends, and
    MongoDB removes rejects after some days.
    """

    spool: Spool
    quarantine: QuarantineStore
    group_commit: GroupCommit
    encoder: EventEncoder
    _waiting: "asyncio.Queue[CitizenWithdrew]" = field(default_factory=asyncio.Queue)

    def enqueue(self, event: CitizenWithdrew) -> None:
        self._waiting.put_nowait(event)

    async def run(self) -> None:
        while True:
            event = await self._waiting.get()
            while not await self._erase(event):  # noqa: ASYNC110 — no event tells that MongoDB is back.
                await asyncio.sleep(_RETRY_SECONDS)
            FORGOTTEN.inc()

    async def _erase(self, event: CitizenWithdrew) -> bool:
        try:
            spooled = await self.spool.erase(event.conversation, event.occurred_at, but=event.id)
            quarantined = await self.quarantine.erase(event.conversation)
        except TransientError as fault:
            log.info("erasure_waits", why=str(fault))
            return False
        forgot = GatewayForgot.derive(event)
        outcome = await self.group_commit.submit(forgot.id, self.encoder.encode(forgot))
        log.info("forgotten", spooled=spooled, rejects=quarantined)
        return outcome in (Outcome.ACCEPTED, Outcome.SPOOLED, Outcome.REPEAT)
