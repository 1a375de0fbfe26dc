"""Conversations, and those in which something is due."""

from collections.abc import Sequence
from datetime import datetime

from chassis.crypto import KeyRing
from chassis.mongo import Collection, translate_errors
from chassis.outbox import ConversationRecord, ConversationRepository
from services.chatbot.dialogue.state import Conversation


class Conversations(ConversationRepository[Conversation]):
    def __init__(self, collection: Collection, ring: KeyRing) -> None:
        super().__init__(collection, Conversation, ring, lambda state: {"due": state.due()})
        self._documents = collection

    async def prepare(self) -> None:
        with translate_errors():
            await self._documents.create_index("due", sparse=True)

    async def due(self, now: datetime, at_most: int) -> Sequence[tuple[ConversationRecord[Conversation], datetime]]:
        """What is due, the longest first."""
        with translate_errors():
            documents = await self._documents.find({"due": {"$lte": now}}).sort("due", 1).limit(at_most).to_list(None)
        return [(self._decode(document), document["due"]) for document in documents]

    async def timer_done(self, record: ConversationRecord[Conversation]) -> None:
        """What was due has been said: go on to what is due next, unless the citizen has written meanwhile."""
        with translate_errors():
            await self._documents.update_one(
                {"_id": record.conversation, "v": record.stored_version}, {"$set": {"due": record.state.due()}}
            )
