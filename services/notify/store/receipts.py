"""Receipts onto entries. One that comes before the entry knows its message's id is parked, and tried again for an hour."""

from collections.abc import Collection as Group
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pymongo import IndexModel, UpdateOne

from chassis.mongo import Collection, Document, bulk_write, translate_errors
from services.notify.delivery import Status
from services.notify.receipts import STATUS_HEIGHT

_KEPT = timedelta(hours=1)
_FIRST_TRY_MS, _LONGEST_MS = 1_000, 600_000
_BY_HEIGHT = {STATUS_HEIGHT[status]: status for status in (Status.SENT, Status.DELIVERED, Status.SEEN)}


class Receipts:
    def __init__(self, deliveries: Collection, early: Collection) -> None:
        self._deliveries, self._early = deliveries, early

    async def prepare(self) -> None:
        expiry = IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0)
        with translate_errors():
            await self._early.create_indexes([IndexModel([("next", 1)], name="next"), expiry])

    async def by_reference(self, references: Sequence[str]) -> dict[str, Document]:
        """`{reference: entry}` for the entries that these messages are."""
        fields = {"ref": 1, "ev": 1, "n": 1, "s": 1, "c": 1, "oa": 1, "lane": 1, "code": 1, "k": 1}
        with translate_errors():
            documents = await self._deliveries.find({"ref": {"$in": list(references)}}, fields).to_list(None)
        return {document["ref"]: document for document in documents}

    async def raise_to(self, statuses: Mapping[str, tuple[Status, int]]) -> None:
        """`{entry id: (status, at_ms)}`; matches only entries that stand lower."""
        writes = [
            UpdateOne(
                {
                    "_id": delivery_id,
                    "s": {
                        "$in": [low.value for low, height in STATUS_HEIGHT.items() if height < STATUS_HEIGHT[status]]
                    },
                },
                {"$set": {"s": status.value, f"{status.value}_at": at_ms}},
            )
            for delivery_id, (status, at_ms) in statuses.items()
        ]
        await bulk_write(self._deliveries, writes)

    async def keep_early(self, early: Mapping[str, tuple[Status, int]], now_ms: int) -> None:
        expires = datetime.now(UTC) + _KEPT
        writes = [
            UpdateOne(
                {"_id": reference},
                {
                    "$max": {"height": STATUS_HEIGHT[status], "at": at_ms},
                    "$setOnInsert": {"exp": expires, "next": now_ms + _FIRST_TRY_MS, "wait": _FIRST_TRY_MS},
                },
                upsert=True,
            )
            for reference, (status, at_ms) in early.items()
        ]
        await bulk_write(self._early, writes)

    async def early(self, now_ms: int, limit: int, leave_out: Group[str]) -> list[Document]:
        """Returns those to be tried again now; each is put off by twice its last wait, should it fail again."""
        query = {"next": {"$lte": now_ms}, "_id": {"$nin": list(leave_out)}}
        with translate_errors():
            documents: list[Document] = await self._early.find(query).sort("next", 1).to_list(limit)
            if documents:
                ids = [document["_id"] for document in documents]
                wait: Document = {"$min": [{"$multiply": ["$wait", 2]}, _LONGEST_MS]}
                later = [{"$set": {"wait": wait}}, {"$set": {"next": {"$add": [now_ms, "$wait"]}}}]
                await self._early.update_many({"_id": {"$in": ids}}, later)
        return documents

    async def remove_early(self, references: Sequence[str]) -> None:
        with translate_errors():
            await self._early.delete_many({"_id": {"$in": list(references)}})


def early_status(document: Document) -> tuple[Status, int]:
    """Returns what an early receipt says, and when. Raises KeyError for a height that is no status."""
    return _BY_HEIGHT[document["height"]], document["at"]
