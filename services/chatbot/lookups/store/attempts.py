"""Counts attempts to prove ownership, per citizen and per subject, within a period, each attempt once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pymongo import UpdateOne

from chassis.mongo import Collection, bulk_write, translate_errors


class Attempts:
    """`subjects` are pseudonyms: a conversation, a plate, a dossier. The clock is the server's own: event times can be old."""

    def __init__(self, collection: Collection, limit: int, window: timedelta) -> None:
        self._attempts, self._limit, self._window = collection, limit, window

    async def prepare(self) -> None:
        with translate_errors():
            await self._attempts.create_index("at", expireAfterSeconds=int(self._window.total_seconds()) * 2)
            await self._attempts.create_index("subject")

    async def locked(self, subjects: Sequence[str], attempt: str) -> bool:
        """Whether any of them failed too often. An attempt that is asked again does not count against itself."""
        since = datetime.now(UTC) - self._window
        with translate_errors():
            for subject in subjects:
                query = {"subject": subject, "at": {"$gt": since}, "attempt": {"$ne": attempt}}
                if await self._attempts.count_documents(query, limit=self._limit) >= self._limit:
                    return True
        return False

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

    async def forget(self, subject: str) -> None:
        with translate_errors():
            await self._attempts.delete_many({"subject": subject})
