"""Who waits for an officer: one document per conversation, with the talk so far sealed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from pymongo import UpdateOne

from chassis.crypto import KeyRing, Place
from chassis.mongo import Collection, Document, bulk_write, full_name, translate_errors
from services.chatbot.dialogue.state import TranscriptLine
from services.chatbot.features.officer.effects import JoinQueue, LeaveQueue

_TALK = TypeAdapter(tuple[TranscriptLine, ...])


class OfficerQueue:
    """Handles JoinQueue: the first joining counts, a repeat keeps its place."""

    def __init__(self, collection: Collection, ring: KeyRing) -> None:
        self._collection, self._ring = collection, ring

    async def prepare(self) -> None:
        with translate_errors():
            await self._collection.create_index([("oa", 1), ("since", 1)])

    async def answer(self, effects: Sequence[JoinQueue]) -> Mapping[JoinQueue, int]:
        writes = [
            UpdateOne({"_id": effect.conversation}, {"$setOnInsert": self._document(effect)}, upsert=True)
            for effect in effects
        ]
        await bulk_write(self._collection, writes)
        with translate_errors():
            return {effect: await self._position(effect) for effect in effects}

    async def _position(self, effect: JoinQueue) -> int:
        own_entry = await self._collection.find_one({"_id": effect.conversation}, {"since": 1})
        since = own_entry["since"] if own_entry else effect.since
        return 1 + int(await self._collection.count_documents({"oa": effect.oa_id, "since": {"$lt": since}}))

    def _document(self, effect: JoinQueue) -> Document:
        talk = self._ring.seal(_TALK.dump_json(effect.talk), self._place(effect.conversation, effect.oa_id))
        return {"oa": effect.oa_id, "since": effect.since, "reason": effect.reason, "talk": talk}

    def _place(self, conversation: str, oa_id: str) -> Place:
        return Place.stored(full_name(self._collection), conversation, oa_id)

    async def forget(self, conversation: str) -> None:
        await self.leave([conversation])

    async def answer_leave(self, effect: LeaveQueue) -> bool:
        await self.leave([effect.conversation])
        return True

    async def leave(self, conversations: Sequence[str]) -> None:
        if conversations:
            with translate_errors():
                await self._collection.delete_many({"_id": {"$in": list(conversations)}})

    async def waiting(self, oa_id: str, at_most: int = 100) -> list[dict[str, Any]]:
        """For the officers of one OA, the longest first: conversation, since, reason, and the talk so far, opened."""
        with translate_errors():
            documents = await self._collection.find({"oa": oa_id}).sort("since", 1).limit(at_most).to_list(None)
        return [self._opened(document) for document in documents]

    def _opened(self, document: Document) -> dict[str, Any]:
        talk = _TALK.validate_json(self._ring.open(document["talk"], self._place(document["_id"], document["oa"])))
        since: datetime = document["since"]
        lines = [line.model_dump(mode="json") for line in talk]
        return {
            "conversation": document["_id"],
            "since": since.isoformat(),
            "reason": document["reason"],
            "talk": lines,
        }
