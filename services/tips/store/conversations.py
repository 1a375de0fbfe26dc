"""The conversations of tips (chassis/outbox.py), deleted again after some quiet days."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from pymongo import IndexModel

from chassis.crypto import KeyRing
from chassis.mongo import Database, translate_errors
from chassis.outbox import ConversationRecord, ConversationRepository
from chassis.records import Clock
from services.tips.state import State

_LIMIT = 500  # Conversations in one look.


class Conversations:
    def __init__(self, db: Database, bodies: KeyRing, now: Clock) -> None:
        self._collection, self._now = db["conversations"], now
        self._repository = ConversationRepository(
            self._collection, State, bodies, lambda state: {"pending": bool(state.pending)}
        )

    async def prepare(self) -> None:
        pending = IndexModel([("seen", 1)], name="pending", partialFilterExpression={"pending": True})
        await self._repository.prepare()
        with translate_errors():
            await self._collection.create_indexes([IndexModel([("seen", 1)], name="seen"), pending])

    async def load(self, subjects: Mapping[str, str]) -> dict[str, ConversationRecord[State]]:
        return await self._repository.load(subjects)

    async def save(self, records: Iterable[ConversationRecord[State]]) -> None:
        await self._repository.save(records, {"seen": self._now()})

    async def drop_pending(self, older_than: timedelta) -> int:
        """Photos for which no `#tinbao` came in time. Gives how many conversations were relieved of them."""
        with translate_errors():
            query = {"pending": True, "seen": {"$lt": self._now() - older_than}}
            documents = await self._collection.find(query, {"oa": 1}, limit=_LIMIT).to_list(None)
        records = await self._repository.load({document["_id"]: document["oa"] for document in documents})
        for record in records.values():
            record.update(record.state.evolve(pending=()))
        await self.save(records.values())
        return len(records)

    async def forget(self, older_than: timedelta) -> int:
        """Conversations that are quiet that long, whole. Gives how many."""
        limit: datetime = self._now() - older_than
        with translate_errors():
            result = await self._collection.delete_many({"seen": {"$lt": limit}})
        return result.deleted_count
