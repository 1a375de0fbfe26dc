"""What the ledger holds and nobody has in hand: due retries, claims of the dead, early receipts, endings not said yet."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from chassis.blame import Transient
from services.notify.dispatch.dispatcher import Dispatcher
from services.notify.dispatch.gates import Gates
from services.notify.entry import Rank, Status
from services.notify.hear_receipts import ReceiptBook
from services.notify.metrics import HELD, QUEUE
from services.notify.store.claims import Claims
from services.notify.store.inspect import Inspector
from services.notify.tell import Teller

log = structlog.get_logger()

_AT_ONCE = 500
_PORTIONS = 4  # Of memory: when a quarter is free, a backlog is fetched from the ledger.
_HELD_AT_MOST = 1_000
_HOUSEKEEPING_SECONDS = 5.0
_RENEW_SECONDS = 2.0
_REASONS = ("needs_person", "needs_money", "rate_limited", "unreached", "token")


@dataclass(slots=True)
class Sweeper:
    claims: Claims
    dispatcher: Dispatcher
    gates: Gates
    inspector: Inspector
    teller: Teller
    receipts: ReceiptBook
    lease_ms: int
    every_seconds: float
    now_ms: Callable[[], int]
    _housekept_at: float = field(default=0.0)

    async def run(self) -> None:
        """Sweep for ever. The world's faults are waited out here: the queue is safe in the ledger."""
        while True:
            try:
                more = await self.sweep()
                if time.monotonic() - self._housekept_at > _HOUSEKEEPING_SECONDS:
                    self._housekept_at = time.monotonic()
                    await self.keep_house()
            except Transient:
                more = False
                log.warning("not_swept")
            if more:
                await self.dispatcher.hands.room_for(self.dispatcher.hands.limit // _PORTIONS, self.every_seconds)
            else:
                await asyncio.sleep(self.every_seconds)

    async def renew(self) -> None:
        """Keep our claims alive, for ever."""
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            try:
                await self.dispatcher.renew()
            except Transient:
                log.warning("claims_not_renewed")

    async def sweep(self) -> bool:
        """One round; whether more seems to wait. Raises Transient."""
        now, hands = self.now_ms(), self.dispatcher.hands
        await self.receipts.retry_parked(now, self.teller.say_facts)
        limit = min(_AT_ONCE, hands.room)
        if not limit:
            return True
        held = self.gates.closed(now)[:_HELD_AT_MOST]
        entries = await self.claims.take(now, now + self.lease_ms, limit, frozenset(hands.ids), held)
        self.dispatcher.take(entries, swept=True)
        if entries:
            log.info("swept", entries=len(entries), doubtful=sum(entry.doubt for entry in entries))
        hands.backlog = len(entries) >= limit
        return hands.backlog

    async def keep_house(self) -> None:
        """Raises Transient."""
        freed = await self.claims.free_the_dead()
        if freed:
            log.warning("claims_of_the_dead", entries=freed)
        await self.teller.again(self.now_ms())
        waiting = await self.inspector.waiting()
        for rank in Rank:
            for status in (Status.ACCEPTED, Status.SENDING):
                QUEUE.labels(rank.lane.value, status.value).set(waiting.get((int(rank), status.value), 0))
        held = self.gates.held(self.now_ms())
        for reason in _REASONS:
            HELD.labels(reason).set(held.get(reason, 0))
