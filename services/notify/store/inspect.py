"""What may be read of the ledger from outside: counts and states, never the text of a message."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.mongo import Collection, Document, translate_errors
from services.notify.delivery import Status

_OVERDUE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Account:
    """`accepted` is what commands asked for; the statuses are what became of it."""

    accepted: int
    by_status: dict[str, int]
    incomplete: int  # Commands of which a part is missing.
    overdue: int  # Due for more than a minute, and claimed by no process.


class Inspector:
    def __init__(self, deliveries: Collection) -> None:
        self._deliveries = deliveries

    async def account(self, since_ms: int, now_ms: int, paused_oas: Sequence[str]) -> Account:
        """Sums over everything accepted since. Each part of a reply states how many there must be.

        What waits for the OAs that are `held` is not overdue.
        """
        accepted_pipeline: list[Document] = [
            {"$match": {"acc": {"$gte": since_ms}}},
            {"$group": {"_id": "$ev", "of": {"$first": "$of"}, "n": {"$sum": 1}}},
            {
                "$group": {
                    "_id": None,
                    "asked": {"$sum": "$of"},
                    "bad": {"$sum": {"$cond": [{"$eq": ["$of", "$n"]}, 0, 1]}},
                }
            },
        ]
        status_pipeline: list[Document] = [
            {"$match": {"acc": {"$gte": since_ms}}},
            {"$group": {"_id": "$s", "n": {"$sum": 1}}},
        ]
        overdue_query: Document = {"open": True, "lane": {"$in": [0, 1, 2]}, "due": {"$lt": now_ms - _OVERDUE_MS}}
        if paused_oas:
            overdue_query["oa"] = {"$nin": list(paused_oas)}
        with translate_errors():
            sums = await self._deliveries.aggregate(accepted_pipeline, allowDiskUse=True).to_list(1)
            status_rows = await self._deliveries.aggregate(status_pipeline).to_list(None)
            overdue = await self._deliveries.count_documents(overdue_query)
        by_status = {status.value: 0 for status in Status} | {row["_id"]: row["n"] for row in status_rows}
        total = sums[0] if sums else {"asked": 0, "bad": 0}
        return Account(total["asked"], by_status, total["bad"], overdue)

    async def waiting(self) -> dict[tuple[int, str], int]:
        """`{(lane, status): entries}` of what is open."""
        group: list[Document] = [
            {"$match": {"open": True}},
            {"$group": {"_id": {"lane": "$lane", "s": "$s"}, "n": {"$sum": 1}}},
        ]
        with translate_errors():
            rows = await self._deliveries.aggregate(group).to_list(None)
        return {(row["_id"]["lane"], row["_id"]["s"]): row["n"] for row in rows}

    async def deliveries(self, ids: list[str]) -> list[Document]:
        """Status and times of entries, in order."""
        projection = {
            "_id": 1,
            "oa": 1,
            "c": 1,
            "n": 1,
            "of": 1,
            "lane": 1,
            "s": 1,
            "code": 1,
            "why": 1,
            "k": 1,
            "acc": 1,
            "done": 1,
            "doubt": 1,
            "resent": 1,
        }
        with translate_errors():
            documents: list[Document] = (
                await self._deliveries.find({"_id": {"$in": ids}}, projection).sort("n", 1).to_list(None)
            )
        return documents
