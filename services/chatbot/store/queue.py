"""Who waits for an officer: one document per conversation, with the talk so far sealed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from pymongo import UpdateOne

from chassis.mongo import Collection, Document, blame
from chassis.sealing import Ring
from services.chatbot.officer import JoinQueue, LeaveQueue
from services.chatbot.state import Line

_TALK = TypeAdapter(tuple[Line, ...])
_PURPOSE = "officer queue"


class Queue:
    """Answers JoinQueue: the first joining counts, a repeat keeps its place."""

    def __init__(self, collection: Collection, ring: Ring) -> None:
        self._collection, self._ring = collection, ring

    async def prepare(self) -> None:
        with blame():
            await self._collection.create_index([("oa", 1), ("since", 1)])

    async def answer(self, questions: Sequence[JoinQueue]) -> Mapping[JoinQueue, int]:
        writes = [
            UpdateOne({"_id": one.conversation}, {"$setOnInsert": self._waiting(one)}, upsert=True) for one in questions
        ]
        with blame():
            await self._collection.bulk_write(writes, ordered=False)
            return {one: await self._place(one) for one in questions}

    async def _place(self, one: JoinQueue) -> int:
        mine = await self._collection.find_one({"_id": one.conversation}, {"since": 1})
        since = mine["since"] if mine else one.since
        return 1 + int(await self._collection.count_documents({"oa": one.oa_id, "since": {"$lt": since}}))

    def _waiting(self, one: JoinQueue) -> Document:
        talk = self._ring.seal(_TALK.dump_json(one.talk), one.oa_id, _PURPOSE)
        return {"oa": one.oa_id, "since": one.since, "reason": one.reason, "talk": talk}

    async def forget(self, conversation: str) -> None:
        await self.leave([conversation])

    async def left(self, one: LeaveQueue) -> bool:
        await self.leave([one.conversation])
        return True

    async def leave(self, conversations: Sequence[str]) -> None:
        if conversations:
            with blame():
                await self._collection.delete_many({"_id": {"$in": list(conversations)}})

    async def waiting(self, oa_id: str, at_most: int = 100) -> list[dict[str, Any]]:
        """For the officers of one OA, the longest first: conversation, since, reason, and the talk so far, opened."""
        with blame():
            found = await self._collection.find({"oa": oa_id}).sort("since", 1).limit(at_most).to_list(None)
        return [self._shown(document) for document in found]

    def _shown(self, document: Document) -> dict[str, Any]:
        talk = _TALK.validate_json(self._ring.open(document["talk"], document["oa"], _PURPOSE))
        since: datetime = document["since"]
        lines = [line.model_dump(mode="json") for line in talk]
        return {
            "conversation": document["_id"],
            "since": since.isoformat(),
            "reason": document["reason"],
            "talk": lines,
        }
