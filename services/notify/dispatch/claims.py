"""What this process holds: the entries it has claimed, and the claims themselves. Nothing is sent here."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field

from chassis.errors import TransientError
from services.notify.delivery import Delivery
from services.notify.dispatch.result_writer import ResultWriter
from services.notify.metrics import IN_MEMORY, REQUEUED
from services.notify.store.ledger import DeliveryResult, Ledger, Requeued

_MAX_REQUEUED = 100_000
_RENEW_BELOW = 0.7  # Of a lease: below it, a claim is renewed.
_MARGIN_MS = 1_000


@dataclass(slots=True)
class Claims:
    """`limit` entries at most; a claim lasts `lease_ms` and must outlast a call of `send_ms`.

    What another process was sending may still arrive for `uncertain_ms`.
    """

    ledger: Ledger
    result_writer: ResultWriter
    limit: int
    lease_ms: int
    send_ms: int
    uncertain_ms: int
    now_ms: Callable[[], int]
    backlog: bool = False  # More is due in the ledger than we can hold: what is new queues up behind it.
    claimed: dict[str, Delivery] = field(default_factory=dict)  # Until the ledger has how it ended.
    _room_made: asyncio.Event = field(default_factory=asyncio.Event)
    _requeued_until: dict[str, int] = field(
        default_factory=dict
    )  # Lines sent back: what comes after must wait there, too.
    _leaving: set[str] = field(default_factory=set)  # Put back, which the ledger does not know yet.

    @property
    def room(self) -> int:
        return max(0, self.limit - len(self.claimed))

    @property
    def ids(self) -> AbstractSet[str]:
        """What will be sent from here: not what is on its way back to the ledger, which holds up what follows it there."""
        return self.claimed.keys() - self._leaving

    def holds(self, delivery: Delivery) -> bool:
        """Whether this very delivery is ours; one that was lost may have been claimed again since, as another."""
        return self.claimed.get(delivery.id) is delivery

    def add(self, delivery: Delivery, *, swept: bool) -> int | None:
        """None when it may go now; otherwise the time until which its line waits in the ledger."""
        self.claimed[delivery.id] = delivery
        self._leaving.discard(delivery.id)
        IN_MEMORY.set(len(self.claimed))
        if swept:  # Straight from the ledger, as the head of its line.
            self._requeued_until.pop(delivery.queue_key, None)
            delivery.uncertain_until_ms = delivery.uncertain_until_ms or self.now_ms() + self.uncertain_ms
        return self._requeued_until.get(delivery.queue_key)

    def discard(self, delivery_id: str) -> Delivery | None:
        """The claim is another process's now, or nobody's."""
        self._leaving.discard(delivery_id)
        return self.claimed.pop(delivery_id, None)

    def on_written(self, results: Sequence[DeliveryResult]) -> None:
        """The ledger has them: out of our hands."""
        for result in results:
            if self.holds(result.delivery):
                self.discard(result.delivery.id)
        IN_MEMORY.set(len(self.claimed))
        self._room_made.set()

    async def wait_for_room(self, count: int, seconds: float) -> None:
        """Return once so many more may be taken; bounded."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.room < count:
                    self._room_made.clear()
                    await self._room_made.wait()

    def requeue(self, deliveries: Iterable[Delivery], until_ms: int, why: str) -> None:
        """Put deliveries back to wait in the ledger, together with what follows them in their conversation."""
        for delivery in deliveries:
            if self.holds(delivery):
                REQUEUED.labels(why).inc()
                if len(self._requeued_until) >= _MAX_REQUEUED:
                    self._requeued_until.pop(
                        next(iter(self._requeued_until))
                    )  # Later messages check the ledger first anyway.
                self._requeued_until[delivery.queue_key] = until_ms
                self._leaving.add(delivery.id)
                self.result_writer.put(Requeued(delivery, until_ms))

    async def may_send(self, delivery: Delivery) -> bool:
        """A claim must outlast the call: otherwise another process could send the same beside us."""
        if not self.holds(delivery):
            return False
        now = self.now_ms()
        if delivery.due_ms - now > self.send_ms + _MARGIN_MS:
            return True
        try:
            lost = await self.ledger.renew([delivery.id], now + self.lease_ms)
        except TransientError:
            return False  # Whether it is ours is not known: the next sweep finds it, with what follows it.
        delivery.due_ms = now + self.lease_ms
        return not lost

    async def renew(self) -> set[str]:
        """Renew the claims that expire soon. Returns the ids that this process no longer holds. Raises TransientError."""
        now = self.now_ms()
        fading = [
            delivery_id
            for delivery_id, delivery in self.claimed.items()
            if delivery.due_ms - now < self.lease_ms * _RENEW_BELOW
        ]
        if not fading:
            return set()
        until_ms = now + self.lease_ms
        lost = await self.ledger.renew(fading, until_ms)
        for delivery_id in fading:
            if delivery_id in self.claimed:
                self.claimed[delivery_id].due_ms = until_ms
        return lost
