"""The conversations of tips (chassis/outbox.py), sealed under the rolling ring and deleted again after some quiet days.

What was sent just before a tip lies in them, and which case is whose: so no former state of them may outlive the ring's lines.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from pymongo import IndexModel

from chassis.mongo import Database, Document, translate_errors
from chassis.outbox import ConversationRecord, ConversationRepository, Ring
from chassis.records import Clock
from services.tips.state import State

PAGE = 500  # Conversations in one look.


class Conversations:
    def __init__(self, db: Database, ring: Ring, now: Clock, forget_after: timedelta) -> None:
        self._collection, self._now, self._forget_after = db["conversations"], now, forget_after
        self._repository = ConversationRepository(
            self._collection,
            State,
            ring,
            lambda state: {"pending": bool(state.pending), "tip": state.tip is not None and not state.tip.swept},
        )

    async def prepare(self) -> None:
        pending = IndexModel([("seen", 1)], name="pending", partialFilterExpression={"pending": True})
        tip = IndexModel([("seen", 1)], name="tip", partialFilterExpression={"tip": True})
        await self._repository.prepare()
        with translate_errors():
            await self._collection.create_indexes([IndexModel([("seen", 1)], name="seen"), pending, tip])
        await self.forget()  # Before anything is loaded: after a long stop their key may be gone.

    async def load(self, subjects: Mapping[str, str]) -> dict[str, ConversationRecord[State]]:
        return await self._repository.load(subjects)

    async def save(self, records: Iterable[ConversationRecord[State]]) -> None:
        await self._repository.save(records, {"seen": self._now()})

    async def last_seen(self, conversation: str) -> datetime | None:
        """Returns when something was last said in it, by our clock."""
        with translate_errors():
            document = await self._collection.find_one({"_id": conversation}, {"seen": 1})
        return document["seen"] if document else None

    async def drop_pending(self, older_than: timedelta) -> int:
        """Photos for which no `#tinbao` came in time. Gives how many conversations were relieved of them."""
        with translate_errors():
            query = {"pending": True, "seen": {"$lt": self._now() - older_than}}
            documents = await self._collection.find(query, {"oa": 1}, limit=PAGE).to_list(None)
        records = await self._repository.load({document["_id"]: document["oa"] for document in documents})
        for record in records.values():
            record.update(record.state.evolve(pending=()))
        await self.save(records.values())
        return len(records)

    async def with_quiet_tips(self, since: datetime, leave_out: Collection[str] = ()) -> list[Document]:
        """Conversations with a tip that nothing was said in since, by our clock: `{_id, oa}`."""
        query = {"tip": True, "seen": {"$lt": since}, "_id": {"$nin": list(leave_out)}}
        with translate_errors():
            return await self._collection.find(query, {"oa": 1}, limit=PAGE).to_list(None)

    async def forget(self) -> int:
        """Conversations that are quiet for long, whole. Gives how many."""
        limit: datetime = self._now() - self._forget_after
        with translate_errors():
            result = await self._collection.delete_many({"seen": {"$lt": limit}})
        return result.deleted_count
