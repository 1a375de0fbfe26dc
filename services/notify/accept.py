"""Words for citizens, accepted into the ledger: one journaled write for the batch, and off they go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chassis.crypto import Place
from services.notify.delivery import Delivery, LanePriority
from services.notify.dispatch.dispatcher import Dispatcher
from services.notify.keys import Keys
from services.notify.metrics import ACCEPTED, REPEATED
from services.notify.split import Reply, deadline_ms, split, to_deliveries
from services.notify.store.ledger import Ledger
from services.notify.store.windows import Windows

_ROOM_SECONDS = 1.0  # How long one batch waits for room in memory before the ledger alone takes it.
_MS_BITS, _INDEX_BITS = (
    20,
    6,
)  # Of a delivery's order: the batch's time, the event's index in it (14 bits), the message's index.


@dataclass(slots=True)
class Acceptor:
    ledger: Ledger
    windows: Windows
    dispatcher: Dispatcher
    keys: Keys
    worker_id: str
    lease_ms: int
    reply_hours: float
    bulk_hours: float
    now_ms: Callable[[], int]
    _last_ms: int = field(default=0)

    async def accept(self, replies: Sequence[tuple[Reply, int, str]]) -> None:
        """Accept replies, each with its cause's arrival and its trace. Idempotent. Raises TransientError, DecryptionError."""
        planned = self._plan(replies)
        await self._look_up_windows(planned)
        waiting = await self.ledger.open_in({delivery.queue_key for delivery in planned})
        claims = self.dispatcher.claims
        if not claims.backlog:
            await claims.wait_for_room(min(len(planned), claims.limit), _ROOM_SECONDS)
        now, room = self.now_ms(), claims.room
        claimed = [
            self._claim(
                delivery,
                waiting,
                now,
                room > index and (not claims.backlog or delivery.priority is LanePriority.URGENT),
            )
            for index, delivery in enumerate(planned)
        ]
        existing = await self.ledger.accept(claimed)
        for delivery in claimed:
            (REPEATED if delivery.id in existing else ACCEPTED.labels(delivery.priority.lane.value)).inc()
        mine = [delivery for delivery in claimed if delivery.worker_id and delivery.id not in existing]
        if existing:
            mine += await self._never_handed_over(existing)
            mine.sort(key=lambda delivery: delivery.order)  # An earlier attempt's come first.
        self.dispatcher.submit(mine)

    def _plan(self, replies: Sequence[tuple[Reply, int, str]]) -> list[Delivery]:
        now = self._last_ms = max(self.now_ms(), self._last_ms + 1)  # Order never runs backwards with the clock.
        planned: dict[str, Delivery] = {}  # By id: a speaker that stalled says its words again, in the same batch.
        for index, (reply, arrived, trace) in enumerate(replies):
            messages = split(self.keys.open_message(reply.body, Place.body_of(reply)))
            order = (now << _MS_BITS) | (index << _INDEX_BITS)
            deadline = deadline_ms(reply, now, self.reply_hours, self.bulk_hours)
            for delivery in to_deliveries(
                reply, messages, order=order, accepted_ms=now, deadline=deadline, arrived_ms=arrived, trace=trace
            ):
                if planned.setdefault(delivery.id, delivery) is not delivery:
                    REPEATED.inc()
        return list(planned.values())

    async def _look_up_windows(self, planned: Sequence[Delivery]) -> None:
        """Bulk messages answer nobody: when their citizen last wrote has to be looked up."""
        bulk = {delivery.conversation for delivery in planned if delivery.priority is LanePriority.BULK}
        if bulk:
            last = await self.windows.last(bulk)
            for delivery in planned:
                if delivery.priority is LanePriority.BULK:
                    delivery.last_interaction_ms = last.get(delivery.conversation, 0)

    def _claim(self, delivery: Delivery, waiting: dict[str, list[str]], now_ms: int, room: bool) -> Delivery:
        """Ours to send at once, unless something of its line still waits in the ledger, or we have our hands full."""
        predecessors = waiting.get(delivery.queue_key, ())
        first = not predecessors or self.dispatcher.holds_all(delivery.queue_key, predecessors)
        return delivery.claimed(self.worker_id, now_ms + self.lease_ms) if first and room else delivery

    async def _never_handed_over(self, existing: set[str]) -> list[Delivery]:
        """Returns what an earlier attempt inserted whose acknowledgement was lost: claimed here, but not in memory."""
        lost = existing - self.dispatcher.claims.claimed.keys()
        return await self.ledger.claimed_by_us(lost) if lost else []
