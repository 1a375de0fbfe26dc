"""Conversations, those in which something is due, and those that are deleted because nobody writes in them any more."""

from collections.abc import Collection as Names
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chassis.crypto import KeyRing
from chassis.mongo import Collection, translate_errors
from chassis.outbox import ConversationRecord, ConversationRepository
from services.chatbot.dialogue.state import Conversation

IDLE = timedelta(
    days=90
)  # What was said here is then deleted. Errands keep what they promise to keep in collections of their own.


@dataclass(frozen=True, slots=True)
class DueTimer:
    conversation: str
    due: datetime


class Conversations(ConversationRepository[Conversation]):
    def __init__(self, collection: Collection, ring: KeyRing) -> None:
        super().__init__(collection, Conversation, ring, _open_fields)
        self._documents = collection

    async def prepare(self) -> None:
        await super().prepare()
        with translate_errors():
            await self._documents.create_index("due", sparse=True)
            await self._documents.create_index("idle_since", expireAfterSeconds=int(IDLE.total_seconds()))

    async def due(self, now: datetime, at_most: int, without: Names[str] = ()) -> Sequence[DueTimer]:
        """Returns what is due, the longest first, passing over the conversations in `without`. Nothing is opened."""
        query = {"due": {"$lte": now}, "_id": {"$nin": list(without)}}
        with translate_errors():
            documents = await self._documents.find(query, {"due": 1}).sort("due", 1).limit(at_most).to_list(None)
        return [DueTimer(document["_id"], document["due"]) for document in documents]

    async def load_due(self, timer: DueTimer) -> ConversationRecord[Conversation] | None:
        """Returns the conversation as it is now; None when a message or another replica was faster.

        Raises DecryptionError when its key is gone, TransientError.
        """
        with translate_errors():
            document = await self._documents.find_one({"_id": timer.conversation, "due": timer.due})
        return self._decode(document) if document else None

    async def timer_done(self, record: ConversationRecord[Conversation]) -> None:
        """Record that what was due has been published: go on to what is due next, unless the citizen has written meanwhile."""
        with translate_errors():
            await self._documents.update_one(
                {"_id": record.conversation, "v": record.stored_version}, {"$set": {"due": record.state.due()}}
            )


def _open_fields(state: Conversation) -> Mapping[str, datetime | None]:
    """Whoever subscribed to news stays subscribed, however long they are silent."""
    return {"due": state.due(), "idle_since": None if state.subscriptions else datetime.now(UTC)}
