"""Counts attempts to prove ownership, by person and by thing, within a period, each attempt once."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pymongo import UpdateOne

from chassis.mongo import Collection, bulk_write, translate_errors


class Attempts:
    """`subjects` are pseudonyms: a person, a plate, a dossier. The clock is the server's own: event times can be old."""

    def __init__(self, collection: Collection, window: timedelta) -> None:
        self._attempts, self._window = collection, window

    async def prepare(self) -> None:
        with translate_errors():
            await self._attempts.create_index("at", expireAfterSeconds=int(self._window.total_seconds()) * 2)
            await self._attempts.create_index("subject")

    async def reached(self, limits: Mapping[str, int], attempt: str) -> set[str]:
        """Returns the subjects that failed as often as they may. An attempt asked again does not count against itself."""
        since = datetime.now(UTC) - self._window
        reached = set()
        with translate_errors():
            for subject, limit in limits.items():
                query = {"subject": subject, "at": {"$gt": since}, "attempt": {"$ne": attempt}}
                if await self._attempts.count_documents(query, limit=limit) >= limit:
                    reached.add(subject)
        return reached

    async def failed(self, subjects: Sequence[str], attempt: str) -> None:
        at = datetime.now(UTC)
        writes = [
            UpdateOne(
                {"_id": f"{attempt}|{subject}"},
                {"$setOnInsert": {"subject": subject, "attempt": attempt, "at": at}},
                upsert=True,
            )
            for subject in subjects
        ]
        await bulk_write(self._attempts, writes)

    async def forgive(self, subjects: Sequence[str], attempt: str) -> None:
        """It was no failure: the proof was right, or it was not even tried."""
        with translate_errors():
            await self._attempts.delete_many({"_id": {"$in": [f"{attempt}|{subject}" for subject in subjects]}})
