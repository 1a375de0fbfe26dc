"""`gateway.rejects`: deliveries that were not understood or not proven, sealed, so that an operator can try them again.

`{_id, why, reason, event, oa, app, k: conversation, s: sealed bytes and signature, d: digest of the bytes, size, at}`; MongoDB
removes the old. What is not proven has a digest, and beyond a few of each OA nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bson import ObjectId

from chassis.mongo import Database, Document, full_name
from services.gateway.store.bounded import within

_TIMEOUT_SECONDS = 2.0
_PAGE_MOST = 500


def new_id() -> ObjectId:
    """Returns the `_id` of a document to be: what it holds is sealed for it."""
    return ObjectId()


@dataclass(frozen=True, slots=True)
class QuarantineStore:
    db: Database
    days: int

    @property
    def collection(self) -> str:
        """The full name, database included."""
        return full_name(self.db["rejects"])

    async def prepare(self) -> None:
        async with within(_TIMEOUT_SECONDS):
            await self.db["rejects"].create_index("at", expireAfterSeconds=self.days * 86_400)
            await self.db["rejects"].create_index([("why", 1), ("oa", 1)])
            await self.db["rejects"].create_index("k", sparse=True)

    async def add(self, document: Document, seconds: float) -> None:
        """Durable when it returns. Raises TransientError."""
        async with within(seconds):
            await self.db["rejects"].insert_one(document)

    async def count(self, why: str, most: int) -> int:
        async with within(_TIMEOUT_SECONDS):
            return int(await self.db["rejects"].count_documents({"why": why}, limit=most))

    async def count_whole(self, why: str, oa_id: str, most: int) -> int:
        """Returns how many of an OA are kept with their content, `most` at most."""
        query = {"why": why, "oa": oa_id, "s": {"$exists": True}}
        async with within(_TIMEOUT_SECONDS):
            return int(await self.db["rejects"].count_documents(query, limit=most))

    async def page(self, why: str | None, before: datetime | None, limit: int) -> list[Document]:
        """The newest first, without what is sealed."""
        query: dict[str, Any] = {"why": why} if why else {}
        if before:
            query["at"] = {"$lt": before}
        async with within(_TIMEOUT_SECONDS):
            cursor = self.db["rejects"].find(query, {"s": 0, "k": 0}).sort("at", -1).limit(min(limit, _PAGE_MOST))
            return await cursor.to_list(None)

    async def get(self, key: str) -> Document | None:
        if not ObjectId.is_valid(key):
            return None
        async with within(_TIMEOUT_SECONDS):
            return await self.db["rejects"].find_one({"_id": ObjectId(key)})

    async def delete(self, key: str) -> None:
        async with within(_TIMEOUT_SECONDS):
            await self.db["rejects"].delete_one({"_id": ObjectId(key)})

    async def erase(self, conversation: str) -> int:
        async with within(_TIMEOUT_SECONDS):
            result = await self.db["rejects"].delete_many({"k": conversation})
        return int(result.deleted_count)
