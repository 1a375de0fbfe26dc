"""What notify does without an event: send what is due, renew its claims, settle early receipts, publish what is left over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from chassis.jobs import Job, periodic
from chassis.mongo import Document
from chassis.publisher import Publisher
from services.notify.delivery import Delivery, LanePriority, Status
from services.notify.dispatch.circuit import CircuitBreakers
from services.notify.dispatch.dispatcher import Dispatcher
from services.notify.handle_receipts import ReceiptHandler
from services.notify.metrics import PAUSED_OAS, QUEUE
from services.notify.settlement_publisher import SettlementPublisher
from services.notify.store.claims import ClaimStore
from services.notify.store.inspect import Inspector
from services.notify.tokens import TokenProvider

log = structlog.get_logger()

_MOST_CLAIMED = 500
_PORTIONS = 4  # Of memory: when a quarter is free, a backlog is fetched from the ledger.
_MAX_PAUSED_OAS = 1_000
_HOUSEKEEPING_SECONDS = 5.0
_RENEW_SECONDS = 2.0
_REASONS = ("needs_person", "needs_money", "rate_limited", "unreached", "token")


@dataclass(slots=True)
class LedgerJobs:
    """Around the ledger: what it holds and no process has in hand."""

    claim_store: ClaimStore
    dispatcher: Dispatcher
    breakers: CircuitBreakers
    inspector: Inspector
    lease_ms: int
    every_seconds: float
    now_ms: Callable[[], int]

    def jobs(self) -> list[Job[Any]]:
        return [
            Job("send_due", self.every_seconds, self.claim, self.submit, key=None, page=self._page),
            periodic("renew_claims", _RENEW_SECONDS, self.dispatcher.renew),
            periodic("housekeeping", _HOUSEKEEPING_SECONDS, self.do_housekeeping),
        ]

    @property
    def _page(self) -> int:
        return max(1, min(_MOST_CLAIMED, self.dispatcher.claims.limit // _PORTIONS))

    async def claim(self, _: frozenset[str]) -> Sequence[Delivery]:
        """Waits for room while the ledger holds more than we can."""
        now, claims = self.now_ms(), self.dispatcher.claims
        if claims.backlog:
            await claims.wait_for_room(self._page, self.every_seconds)
        limit = min(self._page, claims.room)
        if not limit:
            return []
        paused = self.breakers.paused_oas(now)[:_MAX_PAUSED_OAS]
        deliveries = await self.claim_store.claim_due(now, now + self.lease_ms, limit, frozenset(claims.ids), paused)
        claims.backlog = len(deliveries) >= limit
        return deliveries

    async def submit(self, deliveries: Sequence[Delivery]) -> None:
        self.dispatcher.submit(deliveries, swept=True)
        log.info("swept", entries=len(deliveries), doubtful=sum(delivery.uncertain for delivery in deliveries))

    async def do_housekeeping(self) -> None:
        """Raises TransientError."""
        freed = await self.claim_store.release_dead_claims()
        if freed:
            log.warning("dead_claims_freed", messages=freed)
        waiting = await self.inspector.waiting()
        for priority in LanePriority:
            for status in (Status.ACCEPTED, Status.SENDING):
                QUEUE.labels(priority.lane.value, status.value).set(waiting.get((int(priority), status.value), 0))
        paused = self.breakers.paused_by_reason(self.now_ms())
        for reason in _REASONS:
            PAUSED_OAS.labels(reason).set(paused.get(reason, 0))


def build_jobs(
    ledger: LedgerJobs,
    receipts: ReceiptHandler,
    settlements: SettlementPublisher,
    tokens: TokenProvider,
    events: Publisher,
) -> list[Job[Any]]:
    async def early_receipts(parked: frozenset[str]) -> Sequence[Document]:
        return await receipts.early(ledger.now_ms(), parked)

    async def settle_early(documents: Sequence[Document]) -> None:
        await receipts.settle_early(documents, events.publish)

    return [
        *ledger.jobs(),
        Job("early_receipts", ledger.every_seconds, early_receipts, settle_early, key=_id, page=receipts.PAGE),
        *settlements.jobs(ledger.now_ms),
        *tokens.jobs(),
    ]


def _id(document: Document) -> str:
    return str(document["_id"])
