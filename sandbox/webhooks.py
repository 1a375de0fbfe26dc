"""Events on their way to the app's one webhook URL: in order per conversation, retried on Zalo's ladder."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from sandbox.clock import Clock
from sandbox.event_toggles import EventToggles
from sandbox.faults import Faults
from sandbox.webhook_sender import NOT_SENT, OK, OnOutcome, Outcome, WebhookSender

LADDER_SECONDS = (30.0, 300.0, 900.0, 1_800.0, 3_600.0)
MAX_ATTEMPTS = 20_000  # Attempts kept for GET /sandbox/webhooks.
HELD_SECONDS = 1.0  # A reordered event waits this long for one that may overtake it.


@dataclass(slots=True)
class Delivery:
    event_name: str
    oa_id: str
    queue_key: str  # Events of one line keep their order, unless a fault says otherwise.
    body: bytes
    headers: dict[str, str]
    attempt: int = 0
    on_outcome: OnOutcome | None = None

    def report(self, outcome: Outcome) -> None:
        if self.on_outcome is not None:
            self.on_outcome(outcome)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One line of GET /sandbox/webhooks."""

    seq: int
    event_name: str
    oa_id: str
    num_retry: int
    status: int
    elapsed_ms: float
    at_ms: int

    def to_json(self) -> dict[str, Any]:
        """Returns the attempt under its public names: `nth` is its sequence number."""
        fields = asdict(self)
        return {"nth": fields.pop("seq"), **fields}


@dataclass(slots=True)
class Webhooks:
    """`send` never waits; to learn what became of it, pass a function to be called.

    Conversations wait in line for one of a bounded number of workers, so the receiver's two seconds
    begin when it is really asked, however much has piled up.
    """

    sender: WebhookSender
    faults: Faults
    clock: Clock
    toggles: EventToggles = field(default_factory=EventToggles)
    retry_scale: float = 1.0
    attempts: "deque[Attempt]" = field(default_factory=lambda: deque(maxlen=MAX_ATTEMPTS))
    counts: "Counter[str]" = field(default_factory=Counter)
    _queues: "dict[str, deque[Delivery]]" = field(default_factory=dict)
    _ready: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)
    _held: dict[str, Delivery] = field(default_factory=dict)
    _workers: "list[asyncio.Task[None]]" = field(default_factory=list)
    _timers: "set[asyncio.TimerHandle]" = field(default_factory=set)
    _open: int = 0

    async def stop(self) -> None:
        """Give up what is still waiting: a simulator that stops forgets its retries."""
        for timer in self._timers:
            timer.cancel()
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def wants(self, event_name: str, oa_id: str) -> bool:
        """Whether an event of this name would be sent at all: ask before building one on a hot path."""
        return bool(self.sender.url) and self.toggles.is_on(event_name, oa_id)

    def send(
        self,
        event: dict[str, Any],
        oa_id: str,
        queue_key: str,
        on_outcome: OnOutcome | None = None,
        *,
        zns: bool = False,
    ) -> None:
        """Serialise, sign and queue. The very same bytes are sent again on every retry."""
        name = event["event_name"]
        delivery = Delivery(name, oa_id, queue_key, b"", {}, 0, on_outcome)
        if not self.wants(name, oa_id):
            self._unsent(delivery)
            return
        delivery.body = orjson.dumps(event)
        delivery.headers["X-ZEvent-Signature"] = self.sender.signature(event, delivery.body, oa_id)
        if zns:
            delivery.headers["X-ZEvent-Server"] = "ZNS"
        self._open += 1
        self._enqueue(delivery)

    def pending(self) -> int:
        """Deliveries queued, under way, delayed or waiting for a retry. Zero: everything raised has had its say."""
        return self._open

    def _enqueue(self, delivery: Delivery) -> None:
        plan = self.faults.plan.webhooks
        if self.faults.occurs("delay", plan.delay_rate):
            self._later(delivery, plan.delay_ms / 1000)
        elif delivery.queue_key not in self._held and self.faults.occurs("reorder", plan.reorder_rate):
            self._held[delivery.queue_key] = delivery
            self._call_later(HELD_SECONDS, lambda: self._release(delivery.queue_key))
        else:
            self._append(delivery)
            self._release(delivery.queue_key)

    def _append(self, delivery: Delivery) -> None:
        queue = self._queues.get(delivery.queue_key)
        if queue is not None:
            queue.append(delivery)
            return
        self._queues[delivery.queue_key] = deque((delivery,))
        self._ready.put_nowait(delivery.queue_key)
        if len(self._workers) < min(len(self._queues), self.sender.connections):
            self._workers.append(asyncio.get_running_loop().create_task(self._work()))

    async def _work(self) -> None:
        """Take the first of a line, deliver it, and let the line queue up again behind the others."""
        while True:
            name = await self._ready.get()
            queue = self._queues[name]
            await self._attempt(queue.popleft())
            if queue:
                self._ready.put_nowait(name)
            else:
                del self._queues[name]

    async def _attempt(self, delivery: Delivery) -> None:
        if self.toggles.disabled:
            self._open -= 1
            self._unsent(delivery)
            return
        outcome = await self.sender.post(delivery.body, delivery.headers)
        self._note(delivery, outcome)
        delivery.report(outcome)
        if outcome.status != OK:
            self._schedule_retry(delivery)
            return
        if self.faults.occurs("double", self.faults.plan.webhooks.double_rate):
            self._note(delivery, await self.sender.post(delivery.body, delivery.headers))
        self._open -= 1

    def _schedule_retry(self, delivery: Delivery) -> None:
        """The next step of the ladder, or the end of it: then nothing is sent until a person enables it again."""
        if delivery.attempt == len(LADDER_SECONDS):
            self.toggles.disabled = True
            self.counts["given_up"] += 1
            self._open -= 1
            return
        wait = LADDER_SECONDS[delivery.attempt] * self.retry_scale
        delivery.attempt += 1
        delivery.headers = {**delivery.headers, "num_retry": str(delivery.attempt)}
        self._later(delivery, wait)

    def _later(self, delivery: Delivery, wait: float) -> None:
        """In a line of its own: nothing waits for what is late."""
        delivery.queue_key = f"{delivery.queue_key}#{id(delivery)}"
        self._call_later(wait, lambda: self._append(delivery))

    def _release(self, queue_key: str) -> None:
        held = self._held.pop(queue_key, None)
        if held is not None:
            self._append(held)

    def _call_later(self, seconds: float, callback: Callable[[], None]) -> None:
        def fire() -> None:
            self._timers.discard(timer)
            callback()

        timer = asyncio.get_running_loop().call_later(seconds, fire)
        self._timers.add(timer)

    def _unsent(self, delivery: Delivery) -> None:
        self.counts["not_sent"] += 1
        delivery.report(Outcome(NOT_SENT, 0.0))

    def _note(self, delivery: Delivery, outcome: Outcome) -> None:
        self.counts["ok" if outcome.status == OK else "failed"] += 1
        seq = self.counts["attempts"] = self.counts["attempts"] + 1
        name, oa_id, retry = delivery.event_name, delivery.oa_id, delivery.attempt
        self.attempts.append(Attempt(seq, name, oa_id, retry, outcome.status, outcome.elapsed_ms, self.clock.now_ms()))
