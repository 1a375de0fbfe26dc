"""Publishes how messages ended. The ledger marks what is still to be published, so a crash or a broker's outage loses nothing."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from chassis.jobs import Job
from chassis.publisher import Publisher
from chassis.trace import TraceContext
from contracts.message import Lane
from contracts.notify import MessageSettled
from services.notify.delivery import Document, LanePriority
from services.notify.metrics import REPUBLISHED
from services.notify.store.ledger import Completed, DeliveryResult, Ledger

_LINGER_SECONDS = 1.0  # Statistics are in no hurry; a batch of them is cheaper.
_PAGE, _WAITING_AT_MOST = 1_000, 10_000
_REPUBLISH_SECONDS = 5.0
_REPUBLISH_AFTER_MS = 10_000

PendingEvent = tuple[str, MessageSettled, TraceContext]  # The delivery's id, the event about it, and the trace.


def settled_event(document: Document, status: str, at_ms: int) -> MessageSettled:
    """Returns the event for a delivery's document. Its id is derived from both: published twice, it is one event."""
    return MessageSettled.model_validate(
        {
            "id": uuid5(UUID(hex=document["_id"]), f"message.settled.v1#{status}"),
            "occurred_at": datetime.fromtimestamp(at_ms / 1_000, UTC),
            "conversation": document["c"],
            "oa_id": document["oa"],
            "caused_by": UUID(hex=document["ev"]),
            "status": status,
            "lane": Lane(LanePriority(document["lane"]).lane),
            "code": document.get("code", 0),
            "attempts": document.get("k", 0),
        }
    )


class SettlementPublisher:
    def __init__(self, ledger: Ledger, publisher: Publisher) -> None:
        self._ledger, self._publisher = ledger, publisher
        self._waiting: deque[PendingEvent] = deque()

    def put(self, results: Sequence[DeliveryResult]) -> None:
        """What the ledger has just taken. More than can be held is left to `republish`."""
        for result in results:
            if isinstance(result, Completed) and len(self._waiting) < _WAITING_AT_MOST:
                self._waiting.append(self._from_result(result))

    def _from_result(self, completed: Completed) -> PendingEvent:
        delivery = completed.delivery
        document: Document = {
            "_id": delivery.id,
            "c": delivery.conversation,
            "oa": delivery.oa_id,
            "ev": delivery.event,
            "lane": delivery.priority,
            "code": completed.code,
            "k": delivery.attempts,
            "arr": delivery.arrived_ms,
            "tp": delivery.trace,
        }
        return self._pending_event(document, completed.status.value, completed.at_ms)

    def _pending_event(self, document: Document, status: str, at_ms: int) -> PendingEvent:
        carrier = {"traceparent": document.get("tp", "")}
        trace = TraceContext.resume(carrier, UUID(hex=document["ev"]), document.get("arr", 0))
        return document["_id"], settled_event(document, status, at_ms), trace

    def jobs(self, now_ms: Callable[[], int]) -> list[Job[Any]]:
        async def unpublished(parked: frozenset[str]) -> Sequence[Document]:
            return await self._ledger.unpublished(now_ms() - _REPUBLISH_AFTER_MS, _PAGE, parked)

        return [
            Job("publish_settlements", _LINGER_SECONDS, self._take, self._publish, key=None, page=_PAGE),
            Job("republish_settlements", _REPUBLISH_SECONDS, unpublished, self.republish, key=_id, page=_PAGE),
        ]

    async def _take(self, _: frozenset[str]) -> Sequence[PendingEvent]:
        """Out of memory for good: what cannot be published now is found in the ledger again."""
        return [self._waiting.popleft() for _ in range(min(_PAGE, len(self._waiting)))]

    async def republish(self, documents: Sequence[Document]) -> None:
        """Publish what ended a while ago and is not marked as published. Raises TransientError."""
        await self._publish(
            [self._pending_event(document, document["tell"], document["done"]) for document in documents]
        )
        REPUBLISHED.inc(len(documents))

    async def _publish(self, batch: Sequence[PendingEvent]) -> None:
        causes = {event.caused_by: trace for _, event, trace in batch if event.caused_by}
        await self._publisher.publish([event for _, event, _ in batch], causes)
        await self._ledger.mark_published([delivery_id for delivery_id, _, _ in batch])


def _id(document: Document) -> str:
    return str(document["_id"])
