"""Polls the ledger for what no process holds: due retries, claims of dead processes, early receipts, unpublished results."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from chassis.errors import TransientError
from services.notify.delivery import LanePriority, Status
from services.notify.dispatch.circuit import CircuitBreakers
from services.notify.dispatch.dispatcher import Dispatcher
from services.notify.handle_receipts import ReceiptHandler
from services.notify.metrics import PAUSED_OAS, QUEUE
from services.notify.settlement_publisher import SettlementPublisher
from services.notify.store.claims import ClaimStore
from services.notify.store.inspect import Inspector

log = structlog.get_logger()

_BATCH_SIZE = 500
_PORTIONS = 4  # Of memory: when a quarter is free, a backlog is fetched from the ledger.
_MAX_PAUSED_OAS = 1_000
_HOUSEKEEPING_SECONDS = 5.0
_RENEW_SECONDS = 2.0
_REASONS = ("needs_person", "needs_money", "rate_limited", "unreached", "token")


@dataclass(slots=True)
class LedgerPoller:
    claim_store: ClaimStore
    dispatcher: Dispatcher
    breakers: CircuitBreakers
    inspector: Inspector
    publisher: SettlementPublisher
    receipts: ReceiptHandler
    lease_ms: int
    every_seconds: float
    now_ms: Callable[[], int]
    _last_housekeeping: float = field(default=0.0)

    async def run(self) -> None:
        """Poll until stopped. Unavailable dependencies are waited for here: the queue is safe in the ledger."""
        while True:
            try:
                more = await self.sweep()
                if time.monotonic() - self._last_housekeeping > _HOUSEKEEPING_SECONDS:
                    self._last_housekeeping = time.monotonic()
                    await self.do_housekeeping()
            except TransientError:
                more = False
                log.warning("not_swept")
            if more:
                await self.dispatcher.claims.wait_for_room(
                    self.dispatcher.claims.limit // _PORTIONS, self.every_seconds
                )
            else:
                await asyncio.sleep(self.every_seconds)

    async def renew(self) -> None:
        """Keep our claims alive, for ever."""
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            try:
                await self.dispatcher.renew()
            except TransientError:
                log.warning("claims_not_renewed")

    async def sweep(self) -> bool:
        """One round; whether more seems to wait. Raises TransientError."""
        now, claims = self.now_ms(), self.dispatcher.claims
        await self.receipts.retry_parked(now, self.publisher.publish)
        limit = min(_BATCH_SIZE, claims.room)
        if not limit:
            return True
        paused = self.breakers.paused_oas(now)[:_MAX_PAUSED_OAS]
        deliveries = await self.claim_store.claim_due(now, now + self.lease_ms, limit, frozenset(claims.ids), paused)
        self.dispatcher.submit(deliveries, swept=True)
        if deliveries:
            log.info("swept", entries=len(deliveries), doubtful=sum(delivery.uncertain for delivery in deliveries))
        claims.backlog = len(deliveries) >= limit
        return claims.backlog

    async def do_housekeeping(self) -> None:
        """Raises TransientError."""
        freed = await self.claim_store.release_dead_claims()
        if freed:
            log.warning("claims_of_the_dead", entries=freed)
        await self.publisher.republish(self.now_ms())
        waiting = await self.inspector.waiting()
        for priority in LanePriority:
            for status in (Status.ACCEPTED, Status.SENDING):
                QUEUE.labels(priority.lane.value, status.value).set(waiting.get((int(priority), status.value), 0))
        paused = self.breakers.paused_by_reason(self.now_ms())
        for reason in _REASONS:
            PAUSED_OAS.labels(reason).set(paused.get(reason, 0))
