"""The ledger: accepting, settling, renewing. One journaled majority write per batch each, whatever the batch's size."""

from collections.abc import Collection as Group
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import IndexModel, InsertOne, UpdateOne

from chassis.mongo import Collection, bulk_write, translate_errors
from services.notify.delivery import Delivery, Document, Status, from_document, to_document

_OPEN = {"open": True}
_INDEXES = [  # Those on open entries stay small however long the ledger grows.
    IndexModel([("line", 1), ("ord", 1)], name="line", partialFilterExpression=_OPEN),
    IndexModel([("lane", 1), ("due", 1), ("oa", 1)], name="due_by_lane", partialFilterExpression=_OPEN),
    IndexModel([("ref", 1)], name="ref", partialFilterExpression={"ref": {"$exists": True}}),
    IndexModel([("done", 1)], name="untold", partialFilterExpression={"tell": {"$exists": True}}),
    IndexModel([("c", 1)], name="conversation"),
    IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0),
]
_UNSET_WHEN_SETTLED = {"open": "", "own": "", "due": "", "addr": "", "claim": ""}


@dataclass(frozen=True, slots=True)
class Completed:
    """An entry that leaves the queue for good."""

    delivery: Delivery
    status: Status
    at_ms: int
    code: int = 0
    why: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Requeued:
    """An entry that goes back to wait in the ledger."""

    delivery: Delivery
    at_ms: int


DeliveryResult = Completed | Requeued


class Ledger:
    def __init__(self, deliveries: Collection, worker_id: str, days: int) -> None:
        self._deliveries, self._worker_id, self._days = deliveries, worker_id, timedelta(days=days)

    async def prepare(self) -> None:
        with translate_errors():
            await self._deliveries.create_indexes(_INDEXES)

    async def accept(self, deliveries: Sequence[Delivery]) -> set[str]:
        """Insert, idempotently. Gives the ids that were there already. Raises TransientError."""
        expires = datetime.now(UTC) + self._days
        documents = [{**to_document(delivery), "exp": expires} for delivery in deliveries]
        inserts = [InsertOne(document) for document in documents]
        existing = await bulk_write(self._deliveries, inserts, keep_existing=True)
        return {deliveries[position].id for position in existing}

    async def open_in(self, queue_keys: Iterable[str]) -> dict[str, list[str]]:
        """`{line: ids of its open entries}`."""
        ids_by_queue: dict[str, list[str]] = {}
        query = {"open": True, "line": {"$in": list(queue_keys)}}
        with translate_errors():
            async for document in self._deliveries.find(query, {"line": 1}):
                ids_by_queue.setdefault(document["line"], []).append(document["_id"])
        return ids_by_queue

    async def claimed_by_us(self, ids: Iterable[str]) -> list[Delivery]:
        """Those of `ids` that are claimed by this process, in their order."""
        query = {"_id": {"$in": list(ids)}, "open": True, "own": self._worker_id}
        with translate_errors():
            documents = await self._deliveries.find(query).sort("ord", 1).to_list(None)
        return [from_document(document) for document in documents]

    async def write_results(self, results: Sequence[DeliveryResult]) -> None:
        """One bulk write. What another process has claimed since is left to it."""
        writes = [self._write(result) for result in results]
        await bulk_write(self._deliveries, writes)

    def _write(self, result: DeliveryResult) -> UpdateOne:
        delivery = result.delivery
        query = {"_id": delivery.id, "open": True, "own": self._worker_id}
        change: Document = {"code": delivery.code, "k": delivery.attempts}
        if delivery.uncertain or delivery.resent:
            change |= {
                "doubt": delivery.uncertain,
                "doubt_until": delivery.uncertain_until_ms,
                "asked": delivery.reconcile_attempts,
                "resent": delivery.resent,
            }
        if isinstance(result, Requeued):
            change |= {"s": Status.ACCEPTED.value, "own": "", "due": result.at_ms}
            return UpdateOne(query, {"$set": change})
        change |= {"s": result.status.value, "code": result.code, "done": result.at_ms, "tell": result.status.value}
        if result.why:
            change["why"] = result.why
        if result.reference:
            change["ref"] = result.reference
        # A failed message's text stays, sealed, until the document expires: an operator may find out why. Others' go at once.
        unset = _UNSET_WHEN_SETTLED if result.status is Status.FAILED else {**_UNSET_WHEN_SETTLED, "body": ""}
        return UpdateOne(query, {"$set": change, "$unset": unset})

    async def renew(self, ids: Sequence[str], until_ms: int) -> set[str]:
        """Renew claims. Returns the ids that this process no longer holds."""
        query: dict[str, Any] = {"_id": {"$in": list(ids)}, "open": True, "own": self._worker_id}
        with translate_errors():
            updated = await self._deliveries.update_many(query, {"$set": {"due": until_ms}})
            if updated.matched_count == len(ids):
                return set()
            renewed = await self._deliveries.find(query, {"_id": 1}).to_list(None)
        return set(ids) - {document["_id"] for document in renewed}

    async def bound(self, references: Iterable[str]) -> set[str]:
        """Those of `references` that an entry is already known by."""
        query = {"ref": {"$in": list(references)}}
        with translate_errors():
            return {document["ref"] async for document in self._deliveries.find(query, {"ref": 1})}

    async def mark_published(self, ids: Sequence[str]) -> None:
        """Mark the results of these as published."""
        with translate_errors():
            await self._deliveries.update_many({"_id": {"$in": list(ids)}}, {"$unset": {"tell": ""}})

    async def unpublished(self, before_ms: int, limit: int, leave_out: Group[str] = ()) -> list[Document]:
        """Returns results that may never have been published, since a crash came between."""
        query = {"tell": {"$exists": True}, "done": {"$lt": before_ms}, "_id": {"$nin": list(leave_out)}}
        with translate_errors():
            documents: list[Document] = await self._deliveries.find(query).sort("done", 1).to_list(limit)
        return documents

    async def make_due(self, oa_id: str, now_ms: int) -> None:
        """What waited for this OA's tokens may go now."""
        query = {
            "open": True,
            "oa": oa_id,
            "s": Status.ACCEPTED.value,
            "lane": {"$in": [0, 1, 2]},
            "due": {"$gt": now_ms},
        }
        with translate_errors():
            await self._deliveries.update_many(query, {"$set": {"due": now_ms}})

    async def erase(self, conversation: str, up_to_ms: int, at_ms: int) -> None:
        """Erases a person up to then: waiting messages are not sent, and nothing leads from the entries to them."""
        theirs: Document = {"c": conversation, "spoke": {"$lte": up_to_ms}}
        unset = {**_UNSET_WHEN_SETTLED, "body": "", "ref": ""}
        suppressed = {"s": Status.SUPPRESSED.value, "why": "withdrawn", "done": at_ms, "tell": Status.SUPPRESSED.value}
        with translate_errors():
            await self._deliveries.update_many({**theirs, "open": True}, {"$set": suppressed, "$unset": unset})
            await self._deliveries.update_many(
                theirs, {"$set": {"line": "withdrawn"}, "$unset": {"body": "", "addr": "", "ref": ""}}
            )
