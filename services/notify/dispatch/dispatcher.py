"""From our hands to Zalo: many conversations at once, each strictly in order; what cannot go now goes back to the ledger."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

import structlog

from services.notify.decide import Ended, Retry, SendOutcome, Sent, backoff_ms
from services.notify.delivery import Delivery, LanePriority, Status
from services.notify.dispatch.admission import Admission
from services.notify.dispatch.claims import Claims
from services.notify.dispatch.queues import ConversationQueue, ConversationQueues, OaQueues
from services.notify.dispatch.result_writer import ResultWriter
from services.notify.dispatch.sender import Sender
from services.notify.metrics import IN_FLIGHT, UNCERTAIN_SENDS, observe_end
from services.notify.store.ledger import Completed

log = structlog.get_logger()

_SHORT_MS = 5_000  # Milliseconds. A shorter wait is spent in memory, a longer one in the ledger.


class Dispatcher:
    def __init__(
        self,
        sender: Sender,
        claims: Claims,
        result_writer: ResultWriter,
        *,
        admission: Admission,
        max_in_flight: int,
        max_in_flight_per_oa: int,
        now_ms: Callable[[], int],
    ) -> None:
        self._sender, self.claims, self._result_writer, self._now = sender, claims, result_writer, now_ms
        self._admission, self._max_in_flight = admission, max_in_flight
        self._queues = ConversationQueues(max_in_flight_per_oa)
        self._calls: set[asyncio.Task[None]] = set()
        self._closing = False

    def holds_all(self, queue_key: str, ids: Iterable[str]) -> bool:
        """Whether all these open entries of the line are in our hands: then what is added goes right behind them."""
        return queue_key in self._queues.queues and all(delivery_id in self.claims.claimed for delivery_id in ids)

    def submit(self, deliveries: Sequence[Delivery], *, swept: bool = False) -> None:
        """Entries claimed for us, in order. `swept`: straight from the ledger, so they are their line's head."""
        for delivery in deliveries:
            wait_until = self.claims.add(delivery, swept=swept)
            if wait_until is not None or self._closing:
                self.claims.requeue([delivery], wait_until or self._now(), "behind")
            else:
                self._queues.add(delivery)
        self._pump()

    def erase(self, conversation: str, up_to_ms: int) -> None:
        """A citizen withdrew: what is not in flight is not sent any more (the ledger has it as suppressed)."""
        for queue_key in (conversation, f"{conversation}~"):
            queue = self._queues.queues.get(queue_key)
            if queue is not None:
                earlier = [delivery for delivery in queue.deliveries if delivery.last_interaction_ms <= up_to_ms]
                self._discard([delivery.id for delivery in earlier])

    async def renew(self) -> None:
        """Prolong our claims. What was lost is noticed when its turn comes. Raises TransientError."""
        for delivery_id in await self.claims.renew():
            self.claims.discard(delivery_id)

    def _discard(self, ids: Iterable[str]) -> None:
        """Drop deliveries that are not to be sent any more. Those in flight finish; the ledger has how they end."""
        for delivery_id in ids:
            delivery = self.claims.discard(delivery_id)
            queue = self._queues.queues.get(delivery.queue_key) if delivery else None
            if delivery is None or queue is None or delivery not in queue.deliveries:
                continue
            if not (queue.in_flight and queue.deliveries[0] is delivery):
                queue.deliveries.remove(delivery)

    def _pump(self) -> None:
        """As many take-offs as there are hands, rates and gates."""
        while len(self._calls) < self._max_in_flight and not self._closing:
            candidate = self._queues.next()
            if candidate is None:
                break
            oa, priority = candidate
            if self._is_admitted(oa, priority):
                task = asyncio.get_running_loop().create_task(self._send_first(self._queues.start(oa, priority)))
                self._calls.add(task)
                task.add_done_callback(self._call_finished)
        IN_FLIGHT.set(len(self._calls))

    def _call_finished(self, task: asyncio.Task[None]) -> None:
        self._calls.discard(task)
        self._pump()

    def _is_admitted(self, oa: OaQueues, priority: LanePriority) -> bool:
        """A short wait is spent in memory; for a longer one the OA's messages go back to the ledger, to make room for others."""
        wait_ms, reason = self._admission.wait_ms(oa.oa_id, priority)
        if wait_ms > _SHORT_MS:
            for queue in self._queues.take_waiting(oa):
                self._requeue(queue, self._now() + wait_ms, reason)
        elif wait_ms:
            self._queues.pause(oa, priority)
            asyncio.get_running_loop().call_later(wait_ms / 1_000, self._resume, oa.oa_id, priority)
        return not wait_ms

    def _resume(self, oa_id: str, priority: LanePriority) -> None:
        self._queues.resume(oa_id, priority)
        self._pump()

    async def _send_first(self, queue: ConversationQueue) -> None:
        delivery = (
            queue.deliveries[0] if queue.deliveries else None
        )  # None: all of it was taken from us while it waited.
        try:
            outcome = await self._send(delivery) if delivery else None
        finally:
            self._queues.finished(queue)
        if delivery is None:
            self._advance(queue)
        elif outcome is None or not self.claims.holds(delivery):
            self._requeue(queue, self._now(), "lost")  # Another may be sending it: what follows must not overtake.
        else:
            self._apply(queue, delivery, outcome)

    async def _send(self, delivery: Delivery) -> SendOutcome | None:
        """Returns None when this process may no longer hold it."""
        try:
            return await self._sender.send(delivery) if await self.claims.may_send(delivery) else None
        except Exception:  # The fault of one delivery, or of our code: it must not stop the others.
            log.exception("send_failed")
            delivery.attempts += 1
            if self._sender.is_exhausted(delivery):
                return Ended(Status.FAILED, 0, "broken")
            return Retry(self._now() + backoff_ms(delivery.attempts, 0.5), uncertain=True)

    def _apply(self, queue: ConversationQueue, delivery: Delivery, outcome: SendOutcome) -> None:
        now = self._now()
        self._admission.record(delivery.oa_id, outcome)
        match outcome:
            case Sent(message_id=message_id, reference=reference):
                if message_id:
                    reference = self._sender.keys.reference(delivery.oa_id, message_id)
                self._complete(queue, Completed(delivery, Status.SENT, now, 0, "", reference))
            case Ended(status=status, code=code, why=why):
                self._complete(queue, Completed(delivery, status, now, code, why))
            case Retry() as retry:
                self._retry_later(queue, delivery, retry, now)
            case _:
                raise AssertionError("a send ends as sent, ended or to be tried again")

    def _complete(self, queue: ConversationQueue, completed: Completed) -> None:
        observe_end(completed.delivery, completed.status, completed.why, completed.at_ms)
        completed.delivery.part = None  # The text is not needed any more.
        self._result_writer.put(completed)
        queue.deliveries.popleft()
        self._advance(queue)

    def _advance(self, queue: ConversationQueue) -> None:
        if queue.deliveries:
            self._queues.ready(queue)
        else:
            self._queues.remove(queue)

    def _retry_later(self, queue: ConversationQueue, delivery: Delivery, retry: Retry, now: int) -> None:
        delivery.code = retry.code or delivery.code
        if retry.uncertain and (retry.counted or not delivery.uncertain):
            UNCERTAIN_SENDS.labels("arose").inc()
            delivery.uncertain, delivery.uncertain_until_ms = True, retry.uncertain_until_ms
        until_ms = max(retry.at_ms, self._admission.not_before_ms(delivery.oa_id))
        if until_ms - now <= _SHORT_MS and not self._closing:
            asyncio.get_running_loop().call_later(max(0.0, (until_ms - now) / 1_000), self._resume_queue, queue)
        else:
            self._requeue(queue, until_ms, retry.pause_reason or ("doubt" if retry.uncertain else "retry"))

    def _resume_queue(self, queue: ConversationQueue) -> None:
        if self._queues.queues.get(queue.name) is queue:
            self._advance(queue)
            self._pump()

    def _requeue(self, queue: ConversationQueue, until_ms: int, why: str) -> None:
        """The whole line waits in the ledger: what follows may not overtake."""
        self._queues.remove(queue)
        self.claims.requeue(queue.deliveries, until_ms, why)

    async def close(self, seconds: float) -> None:
        """Let what flies land, send back what waits; bounded."""
        self._closing = True
        if self._calls:
            await asyncio.wait(set(self._calls), timeout=seconds)
        for queue in list(self._queues.queues.values()):
            if queue.in_flight:
                queue.deliveries[0].uncertain = True  # Zalo has not answered yet, and may still take it.
            self._requeue(queue, self._now(), "stopping")
        try:
            async with asyncio.timeout(seconds):
                await self._result_writer.drained()
        except TimeoutError:
            log.warning("stopped_with_claims", entries=len(self.claims.claimed))
