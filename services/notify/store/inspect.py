"""Looking at the ledger from outside: counts and states, never a word of a message."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.mongo import Collection, Document, blame
from services.notify.entry import Status

_OVERDUE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Account:
    """`accepted` is what commands asked for; the statuses are what became of it."""

    accepted: int
    by_status: dict[str, int]
    incomplete: int  # Commands of which a part is missing.
    overdue: int  # Due for more than a minute, and nobody has taken it.


class Inspector:
    def __init__(self, deliveries: Collection) -> None:
        self._deliveries = deliveries

    async def account(self, since_ms: int, now_ms: int, held: Sequence[str]) -> Account:
        """Of everything accepted since. Each command tells in each of its parts how many there must be.

        What waits for the OAs that are `held` is not overdue.
        """
        asked: list[Document] = [
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
        became: list[Document] = [{"$match": {"acc": {"$gte": since_ms}}}, {"$group": {"_id": "$s", "n": {"$sum": 1}}}]
        late: Document = {"open": True, "lane": {"$in": [0, 1, 2]}, "due": {"$lt": now_ms - _OVERDUE_MS}}
        if held:
            late["oa"] = {"$nin": list(held)}
        with blame():
            sums = await self._deliveries.aggregate(asked, allowDiskUse=True).to_list(1)
            counted = await self._deliveries.aggregate(became).to_list(None)
            overdue = await self._deliveries.count_documents(late)
        by_status = {status.value: 0 for status in Status} | {row["_id"]: row["n"] for row in counted}
        total = sums[0] if sums else {"asked": 0, "bad": 0}
        return Account(total["asked"], by_status, total["bad"], overdue)

    async def waiting(self) -> dict[tuple[int, str], int]:
        """`{(lane, status): entries}` of what is open."""
        group: list[Document] = [
            {"$match": {"open": True}},
            {"$group": {"_id": {"lane": "$lane", "s": "$s"}, "n": {"$sum": 1}}},
        ]
        with blame():
            rows = await self._deliveries.aggregate(group).to_list(None)
        return {(row["_id"]["lane"], row["_id"]["s"]): row["n"] for row in rows}

    async def entries(self, ids: list[str]) -> list[Document]:
        """Status and times of entries, in order."""
        shown = {
            "_id": 1,
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
        with blame():
            found: list[Document] = await self._deliveries.find({"_id": {"$in": ids}}, shown).sort("n", 1).to_list(None)
        return found
