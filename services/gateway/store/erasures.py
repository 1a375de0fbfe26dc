"""`gateway.erasures`: citizens who withdrew and of whom something may lie here yet. `{_id: event id, e: the event, at}`.

It is written before Zalo has its answer, so that a process which dies leaves the erasure to another.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from chassis.mongo import Database
from contracts.gateway import CitizenWithdrew
from services.gateway.store.bounded import within

_TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Erasures:
    db: Database
    days: int  # After these nothing is left here that could be erased.

    async def prepare(self) -> None:
        async with within(_TIMEOUT_SECONDS):
            await self.db["erasures"].create_index("at", expireAfterSeconds=self.days * 86_400)

    async def add(self, event: CitizenWithdrew) -> None:
        """Durable when it returns; again is as good as once. Raises TransientError."""
        document = {"e": event.model_dump_json(), "at": datetime.now(UTC)}
        async with within(_TIMEOUT_SECONDS):
            await self.db["erasures"].update_one({"_id": str(event.id)}, {"$setOnInsert": document}, upsert=True)

    async def due(self, before: datetime, leave_out: Collection[str], limit: int) -> list[CitizenWithdrew]:
        """Returns those that were added before. Raises TransientError."""
        query = {"at": {"$lt": before}, "_id": {"$nin": list(leave_out)}}
        async with within(_TIMEOUT_SECONDS):
            documents = await self.db["erasures"].find(query).sort("at", 1).limit(limit).to_list(None)
        return [CitizenWithdrew.model_validate_json(document["e"]) for document in documents]

    async def delete(self, event: CitizenWithdrew) -> None:
        async with within(_TIMEOUT_SECONDS):
            await self.db["erasures"].delete_one({"_id": str(event.id)})
