"""Which records were in hand when a process ended without a word: one that ends every process is dead-lettered at last.

`record_attempts: {_id: "topic/partition", offset, tries, alone}` in the service's own database. Only a process's first batch of a
partition is counted, so that what goes on undisturbed costs nothing. Where an earlier process began and did not finish, records
are handled one at a time, each counted before it is touched.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

from chassis.mongo import Database, Document, translate_errors
from chassis.records import Record

MAX_ALONE = 2  # Processes that may end with the same record alone in hand, before it is taken for the cause.


class Attempts(Protocol):
    async def begin(self, firsts: Sequence[Record]) -> bool:
        """Count that a process begins at these records. Returns whether another began at one of them and did not finish."""

    async def begin_alone(self, record: Record) -> int:
        """Count that a process handles this record and nothing else. Returns how many did before and did not finish."""

    async def forgive(self, record: Record) -> None:
        """The latest attempt ended for another reason than the record."""


class AttemptStore:
    """`Attempts` in MongoDB. All raise TransientError."""

    def __init__(self, db: Database) -> None:
        self._attempts = db["record_attempts"]

    async def begin(self, firsts: Sequence[Record]) -> bool:
        documents = await asyncio.gather(*(self._count(record, "tries") for record in firsts))
        return any(document["tries"] > 1 or document["alone"] for document in documents)

    async def begin_alone(self, record: Record) -> int:
        return int((await self._count(record, "alone"))["alone"]) - 1

    async def forgive(self, record: Record) -> None:
        with translate_errors():
            await self._attempts.update_one({"_id": _place(record), "offset": record.offset}, {"$inc": {"alone": -1}})

    async def _count(self, record: Record, counter: str) -> Document:
        """One more at this place; the counts of an earlier offset of the partition are over."""
        is_same: Any = {"$eq": ["$offset", record.offset]}
        counts = {name: {"$cond": [is_same, {"$ifNull": [f"${name}", 0]}, 0]} for name in ("tries", "alone")}
        counts[counter] = {"$add": [counts[counter], 1]}
        with translate_errors():
            document: Document = await self._attempts.find_one_and_update(
                {"_id": _place(record)},
                [{"$set": {"offset": record.offset, **counts}}],
                upsert=True,
                return_document=True,  # As it is afterwards.
            )
        return document


def _place(record: Record) -> str:
    return f"{record.topic}/{record.partition}"
