"""A person asked to be forgotten: what the gateway itself keeps of them goes, and a fact says so."""

import asyncio
from dataclasses import dataclass, field

import structlog

from chassis.blame import Transient
from chassis.headers import utter
from contracts.gateway import CitizenWithdrew, GatewayForgot
from services.gateway.front import Front
from services.gateway.judge import Outcome
from services.gateway.metrics import FORGOTTEN
from services.gateway.store.rejects import Rejects
from services.gateway.store.spool import Spool

log = structlog.get_logger()

_AGAIN_SECONDS = 2.0


@dataclass(slots=True)
class Erasure:
    """Zalo has its answer as soon as `CitizenWithdrew` is durable; this follows, again and again until it is done.

    Should the process die first, what is left behind is sealed and short-lived: the spool is drained when the outage ends, and
    MongoDB removes rejects after some days.
    """

    spool: Spool
    rejects: Rejects
    front: Front
    prefix: str = ""
    _waiting: "asyncio.Queue[CitizenWithdrew]" = field(default_factory=asyncio.Queue)

    def begin(self, event: CitizenWithdrew) -> None:
        self._waiting.put_nowait(event)

    async def run(self) -> None:
        while True:
            event = await self._waiting.get()
            while not await self._done(event):  # noqa: ASYNC110 — no event tells that MongoDB is back.
                await asyncio.sleep(_AGAIN_SECONDS)
            FORGOTTEN.inc()

    async def _done(self, event: CitizenWithdrew) -> bool:
        try:
            facts = await self.spool.forget(event.conversation, but=event.id)
            rejects = await self.rejects.forget(event.conversation)
        except Transient as fault:
            log.info("erasure_waits", why=str(fault))
            return False
        said = GatewayForgot.because(event)
        outcome = await self.front.offer(said.id, utter(said, "gateway", prefix=self.prefix))
        log.info("forgotten", spooled=facts, rejects=rejects)
        return outcome in (Outcome.ACCEPTED, Outcome.SPOOLED, Outcome.REPEAT)
