"""The chain in MongoDB: entries and checkpoints, only ever added. `_id` is the entry's number, so no two may claim one place."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from pymongo import IndexModel
from pymongo.errors import BulkWriteError, DuplicateKeyError

from chassis.errors import TransientError
from chassis.mongo import Database, Document, translate_errors
from services.auditor.chain import Tip, tip_of

_PAGE = 1_000


class ChainStore:
    def __init__(self, db: Database) -> None:
        self._entries, self._checkpoints = db["entries"], db["checkpoints"]

    async def prepare(self) -> None:
        by_id = IndexModel([("event.id", 1)], unique=True)
        by_actor = IndexModel([("event.actor_id", 1), ("_id", 1)])
        by_subject = IndexModel([("event.conversation", 1), ("_id", 1)])
        with translate_errors():
            await self._entries.create_indexes([by_id, by_actor, by_subject])

    async def tip(self) -> Tip:
        newest = await self._newest(self._entries)
        return tip_of(newest) if newest else Tip()

    async def chained(self, ids: Sequence[UUID]) -> set[UUID]:
        """Returns those of the ids that the chain holds."""
        wanted = {"event.id": {"$in": [str(event_id) for event_id in ids]}}
        with translate_errors():
            found = await self._entries.find(wanted, {"event.id": 1}).to_list(None)
        return {UUID(entry["event"]["id"]) for entry in found}

    async def append(self, entries: Sequence[dict[str, Any]]) -> None:
        """Raises TransientError when another auditor was quicker: the batch is decided again from the new end."""
        if entries:
            try:
                with translate_errors():
                    await self._entries.insert_many(entries, ordered=True)
            except BulkWriteError:
                raise TransientError("another auditor continued the chain at the same moment") from None

    async def newest_checkpoint(self) -> Document | None:
        return await self._newest(self._checkpoints)

    async def add_checkpoint(self, document: dict[str, Any]) -> bool:
        """Returns False when another auditor has signed this place."""
        try:
            with translate_errors():
                await self._checkpoints.insert_one(document)
        except DuplicateKeyError:
            return False
        return True

    async def entry(self, seq: int) -> Document | None:
        with translate_errors():
            found: Document | None = await self._entries.find_one({"_id": seq})
        return found

    async def checkpoints_after(self, seq: int) -> list[Document]:
        with translate_errors():
            found: list[Document] = await self._checkpoints.find({"_id": {"$gt": seq}}).sort("_id", 1).to_list(None)
        return found

    async def pages(self) -> AsyncIterator[list[Document]]:
        """All entries in their order, by pages."""
        last: Any = None
        while True:
            query = {} if last is None else {"_id": {"$gt": last}}
            with translate_errors():
                page = await self._entries.find(query).sort("_id", 1).limit(_PAGE).to_list(None)
            if not page:
                return
            yield page
            last = page[-1]["_id"]

    async def _newest(self, collection: Any) -> Document | None:
        with translate_errors():
            found: Document | None = await collection.find_one({}, sort=[("_id", -1)])
        return found
