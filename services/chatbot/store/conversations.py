"""Conversations, and those in which something is due."""

from collections.abc import Sequence
from datetime import datetime

from chassis.memory import Memories, Memory
from chassis.mongo import Collection, blame
from chassis.sealing import Ring
from services.chatbot.state import Conversation


class Conversations(Memories[Conversation]):
    def __init__(self, collection: Collection, ring: Ring) -> None:
        super().__init__(collection, Conversation, ring, lambda state: {"due": state.due()})
        self._documents = collection

    async def prepare(self) -> None:
        with blame():
            await self._documents.create_index("due", sparse=True)

    async def due(self, now: datetime, at_most: int) -> Sequence[tuple[Memory[Conversation], datetime]]:
        """What is due, the longest first."""
        with blame():
            found = await self._documents.find({"due": {"$lte": now}}).sort("due", 1).limit(at_most).to_list(None)
        return [(self._open(document), document["due"]) for document in found]

    async def rang(self, memory: Memory[Conversation]) -> None:
        """What was due has been said: go on to what is due next, unless the citizen has written meanwhile."""
        with blame():
            await self._documents.update_one(
                {"_id": memory.conversation, "v": memory.stored_version}, {"$set": {"due": memory.state.due()}}
            )
