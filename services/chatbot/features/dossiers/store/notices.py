"""Changes with subscribers, until their reminder is set: one document per change and subscription."""

from collections.abc import Collection as Names
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from pymongo import ReplaceOne

from chassis.mongo import Collection, bulk_write, translate_errors


@dataclass(frozen=True, slots=True)
class Notice:
    event: UUID  # The change.
    subscription: str
    stage: str
    at: datetime

    @property
    def id(self) -> str:
        return f"{self.event.hex}|{self.subscription}"


class Notices:
    def __init__(self, collection: Collection) -> None:
        self._notices = collection

    async def prepare(self) -> None:
        with translate_errors():
            await self._notices.create_index("at")

    async def add(self, notices: Sequence[Notice]) -> None:
        """Idempotent."""
        writes = [
            ReplaceOne(
                {"_id": notice.id},
                {"event": notice.event.hex, "of": notice.subscription, "stage": notice.stage, "at": notice.at},
                upsert=True,
            )
            for notice in notices
        ]
        await bulk_write(self._notices, writes)

    async def waiting(self, at_most: int, without: Names[str] = ()) -> list[Notice]:
        """Returns the oldest, passing over the ids in `without`."""
        query = {"_id": {"$nin": list(without)}}
        with translate_errors():
            documents = await self._notices.find(query).sort("at", 1).limit(at_most).to_list(None)
        return [
            Notice(UUID(hex=document["event"]), document["of"], document["stage"], document["at"].astimezone(UTC))
            for document in documents
        ]

    async def remove(self, notices: Sequence[Notice]) -> None:
        with translate_errors():
            await self._notices.delete_many({"_id": {"$in": [notice.id for notice in notices]}})
