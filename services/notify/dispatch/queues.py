"""Which message is next: lanes before each other, OAs in turn, a conversation's messages strictly one after another.

Pure except for the rates and circuit breakers it reads; it never waits. A queue is sent in order: a conversation, or its bulk.
"""

from collections import deque
from dataclasses import dataclass, field

from services.notify.delivery import Delivery, LanePriority

_PRIORITIES = tuple(LanePriority)


@dataclass(slots=True)
class ConversationQueue:
    name: str
    oa_id: str
    deliveries: deque[Delivery] = field(default_factory=deque)
    in_flight: bool = False  # Its first message is being sent.

    @property
    def priority(self) -> LanePriority:
        """The most urgent of what waits: a tip's receipt pulls the answer before it along."""
        return min((delivery.priority for delivery in self.deliveries), default=LanePriority.BULK)


@dataclass(slots=True)
class OaQueues:
    oa_id: str
    ready: tuple[deque[ConversationQueue], ...] = field(default_factory=lambda: tuple(deque() for _ in _PRIORITIES))
    in_rotation: list[bool] = field(default_factory=lambda: [False for _ in _PRIORITIES])
    paused: list[bool] = field(default_factory=lambda: [False for _ in _PRIORITIES])  # Until its rate allows.
    in_flight: int = 0


@dataclass(slots=True)
class ConversationQueues:
    oa_cap: int
    queues: dict[str, ConversationQueue] = field(default_factory=dict)
    _oas: dict[str, OaQueues] = field(default_factory=dict)
    _rotations: tuple[deque[OaQueues], ...] = field(default_factory=lambda: tuple(deque() for _ in _PRIORITIES))

    def add(self, delivery: Delivery) -> None:
        queue = self.queues.get(delivery.queue_key)
        if queue is not None:  # Queued, asleep or in flight: its time comes.
            queue.deliveries.append(delivery)
            return
        queue = self.queues[delivery.queue_key] = ConversationQueue(
            delivery.queue_key, delivery.oa_id, deque((delivery,))
        )
        self.ready(queue)

    def ready(self, queue: ConversationQueue) -> None:
        """May be sent as soon as it is its turn."""
        oa = self._oas.get(queue.oa_id)
        if oa is None:
            oa = self._oas[queue.oa_id] = OaQueues(queue.oa_id)
        priority = queue.priority
        oa.ready[priority].append(queue)
        self._schedule(oa, priority)

    def remove(self, queue: ConversationQueue) -> None:
        """Nothing is left of it, or it goes back to the ledger. A newer queue of the same name stays."""
        if self.queues.get(queue.name) is queue:
            del self.queues[queue.name]

    def next(self) -> tuple[OaQueues, LanePriority] | None:
        """Returns the OA whose turn it is, and its lane; the OA is out of the rotation until `again`."""
        for priority in _PRIORITIES:
            rotation = self._rotations[priority]
            while rotation:
                oa = rotation.popleft()
                oa.in_rotation[priority] = False
                if oa.ready[priority] and not oa.paused[priority] and oa.in_flight < self.oa_cap:
                    return oa, priority
        return None

    def start(self, oa: OaQueues, priority: LanePriority) -> ConversationQueue:
        """Its next line takes off."""
        queue = oa.ready[priority].popleft()
        queue.in_flight = True
        oa.in_flight += 1
        self._schedule(oa, priority)
        return queue

    def finished(self, queue: ConversationQueue) -> None:
        queue.in_flight = False
        oa = self._oas[queue.oa_id]
        oa.in_flight -= 1
        for priority in _PRIORITIES:
            self._schedule(oa, priority)
        if not oa.in_flight and not any(oa.ready) and not any(oa.paused):
            del self._oas[queue.oa_id]

    def pause(self, oa: OaQueues, priority: LanePriority) -> None:
        oa.paused[priority] = True

    def resume(self, oa_id: str, priority: LanePriority) -> None:
        oa = self._oas.get(oa_id)
        if oa is not None:
            oa.paused[priority] = False
            self._schedule(oa, priority)

    def take_waiting(self, oa: OaQueues) -> list[ConversationQueue]:
        """All of an OA's lines that wait here: they go back to the ledger."""
        waiting = [queue for lane_queue in oa.ready for queue in lane_queue]
        for lane_queue in oa.ready:
            lane_queue.clear()
        return waiting

    def _schedule(self, oa: OaQueues, priority: LanePriority) -> None:
        if (
            oa.ready[priority]
            and not oa.in_rotation[priority]
            and not oa.paused[priority]
            and oa.in_flight < self.oa_cap
        ):
            oa.in_rotation[priority] = True
            self._rotations[priority].append(oa)
