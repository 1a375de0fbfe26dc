"""How much of something one person has had today: `{_id: pseudonym of what, who and the day, used, expires}`.

It stays when the person withdraws: otherwise withdrawing would begin the day anew. It names nobody, and goes after two days.
"""

from datetime import timedelta

from pymongo import ReturnDocument

from chassis.clock import VIETNAM
from chassis.crypto import Pepper
from chassis.mongo import Collection, Document, translate_errors
from chassis.records import Clock

_REMEMBERED = timedelta(days=2)


class DailyQuota:
    """`what` is counted by itself: each kind of thing in one unit. A day is Vietnam's, by our clock."""

    def __init__(self, collection: Collection, pepper: Pepper, what: str, limit: int, now: Clock) -> None:
        self._days, self._pepper, self._what, self._limit, self._now = collection, pepper, what, limit, now

    async def prepare(self) -> None:
        with translate_errors():
            await self._days.create_index("expires", expireAfterSeconds=0)

    async def is_used_up(self, person: str) -> bool:
        with translate_errors():
            document = await self._days.find_one({"_id": self._id(person)})
        return document is not None and document["used"] >= self._limit

    async def add(self, person: str, amount: int = 1) -> bool:
        """Count it. Returns whether it was still within the limit."""
        change: Document = {"$inc": {"used": amount}, "$setOnInsert": {"expires": self._now() + _REMEMBERED}}
        with translate_errors():
            document = await self._days.find_one_and_update(
                {"_id": self._id(person)}, change, upsert=True, return_document=ReturnDocument.AFTER
            )
        return int(document["used"]) <= self._limit

    def _id(self, person: str) -> str:
        day = self._now().astimezone(VIETNAM).date().isoformat()
        return self._pepper.pseudonym("quota", self._what, person, day)
