"""Items that a job could not handle: set aside so that the others go on, listed for operators, tried again by command.

`parked: {_id: "job:key", job, key, reason, at, times, redriven_at?}` in the service's own database. `reason` is the type of the
exception alone, since its text could quote a citizen. What was redriven stays a week, so that `times` counts repeated failures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chassis.mongo import Database, Document, translate_errors

REMEMBERED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ParkedItem:
    job: str
    key: str
    reason: str
    at: datetime
    times: int


class ParkedItems(Protocol):
    async def keys(self, job: str) -> frozenset[str]:
        """Returns the keys that `job` has to leave out. Raises TransientError, as all of these."""

    async def park(self, job: str, key: str, reason: str, at: datetime) -> None:
        """Set an item aside. Idempotent but for `times`."""

    async def list(self, job: str | None, at_most: int) -> Sequence[ParkedItem]:
        """Returns what is parked, the oldest first."""

    async def redrive(self, job: str, key: str | None, at: datetime) -> int:
        """Let `job` try its parked items again, or the one. Returns how many."""


class ParkedStore:
    """`ParkedItems` in MongoDB."""

    def __init__(self, db: Database) -> None:
        self._parked = db["parked"]

    async def prepare(self) -> None:
        with translate_errors():
            await self._parked.create_index([("job", 1), ("redriven_at", 1), ("at", 1)])
            await self._parked.create_index("redriven_at", expireAfterSeconds=int(REMEMBERED.total_seconds()))

    async def keys(self, job: str) -> frozenset[str]:
        with translate_errors():
            documents = await self._parked.find(_waiting(job), {"key": 1}).to_list(None)
        return frozenset(document["key"] for document in documents)

    async def park(self, job: str, key: str, reason: str, at: datetime) -> None:
        change = {
            "$set": {"job": job, "key": key, "reason": reason, "at": at},
            "$inc": {"times": 1},
            "$unset": {"redriven_at": ""},
        }
        with translate_errors():
            await self._parked.update_one({"_id": f"{job}:{key}"}, change, upsert=True)

    async def list(self, job: str | None, at_most: int) -> Sequence[ParkedItem]:
        with translate_errors():
            documents = await self._parked.find(_waiting(job)).sort("at", 1).limit(at_most).to_list(None)
        return [ParkedItem(*(document[name] for name in ParkedItem.__slots__)) for document in documents]

    async def redrive(self, job: str, key: str | None, at: datetime) -> int:
        chosen = _waiting(job) | ({} if key is None else {"key": key})
        with translate_errors():
            result = await self._parked.update_many(chosen, {"$set": {"redriven_at": at}})
        return result.modified_count


def _waiting(job: str | None) -> Document:
    waiting: Document = {"redriven_at": {"$exists": False}}
    return waiting if job is None else waiting | {"job": job}
