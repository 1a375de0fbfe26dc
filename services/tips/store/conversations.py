"""What tips remembers of conversations (chassis/memory.py), and forgets again by our clock."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from pymongo import IndexModel

from chassis.memory import Memories, Memory
from chassis.mongo import Database, blame
from chassis.sealing import Ring
from chassis.types import Clock
from services.tips.state import State

_LIMIT = 500  # Conversations in one look.


class Conversations:
    def __init__(self, db: Database, bodies: Ring, now: Clock) -> None:
        self._collection, self._now = db["conversations"], now
        self._memories = Memories(self._collection, State, bodies, lambda state: {"pending": bool(state.pending)})

    async def prepare(self) -> None:
        pending = IndexModel([("seen", 1)], name="pending", partialFilterExpression={"pending": True})
        with blame():
            await self._collection.create_indexes([IndexModel([("seen", 1)], name="seen"), pending])

    async def recall(self, subjects: Mapping[str, str]) -> dict[str, Memory[State]]:
        return await self._memories.recall(subjects)

    async def remember(self, memories: Iterable[Memory[State]]) -> None:
        await self._memories.remember(memories, {"seen": self._now()})

    async def drop_pending(self, older_than: timedelta) -> int:
        """Photos for which no `#tinbao` came in time. Gives how many conversations were relieved of them."""
        with blame():
            query = {"pending": True, "seen": {"$lt": self._now() - older_than}}
            found = await self._collection.find(query, {"oa": 1}, limit=_LIMIT).to_list(None)
        memories = await self._memories.recall({document["_id"]: document["oa"] for document in found})
        for memory in memories.values():
            memory.revise(memory.state.model_copy(update={"pending": ()}))
        await self.remember(memories.values())
        return len(memories)

    async def forget(self, older_than: timedelta) -> int:
        """Conversations that are quiet that long, whole. Gives how many."""
        limit: datetime = self._now() - older_than
        with blame():
            result = await self._collection.delete_many({"seen": {"$lt": limit}})
        return result.deleted_count
