"""Bells: what is to be said later, sealed, until it is on the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from pymongo import ReplaceOne

from chassis.mongo import Collection, Document, blame
from chassis.sealing import Ring
from contracts.message import Part
from services.chatbot.bells import MuteBells, SetBell

_PARTS = TypeAdapter(tuple[Part, ...])
_PURPOSE = "bell"


@dataclass(frozen=True, slots=True)
class Bell:
    id: UUID
    conversation: str
    oa_id: str
    due: datetime
    address: str = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)


class Bells:
    def __init__(self, collection: Collection, ring: Ring) -> None:
        self._collection, self._ring = collection, ring

    async def prepare(self) -> None:
        with blame():
            await self._collection.create_index("due")
            await self._collection.create_index("conversation")

    async def answer(self, questions: Sequence[SetBell]) -> Mapping[SetBell, bool]:
        writes = [ReplaceOne({"_id": one.id.hex}, self._document(one), upsert=True) for one in questions]
        with blame():
            await self._collection.bulk_write(writes, ordered=False)
        return dict.fromkeys(questions, True)

    async def mute(self, one: MuteBells) -> bool:
        with blame():
            gone = await self._collection.delete_many({"_id": {"$in": [bell.hex for bell in one.ids]}})
        return bool(gone.deleted_count)

    async def due(self, now: datetime, at_most: int) -> list[Bell]:
        with blame():
            found = await self._collection.find({"due": {"$lte": now}}).sort("due", 1).limit(at_most).to_list(None)
        return [self._bell(document) for document in found]

    async def rung(self, bells: Sequence[Bell]) -> None:
        """They are on the log."""
        with blame():
            await self._collection.delete_many({"_id": {"$in": [bell.id.hex for bell in bells]}})

    async def forget(self, conversation: str) -> None:
        with blame():
            await self._collection.delete_many({"conversation": conversation})

    def _document(self, one: SetBell) -> Document:
        sealed = self._ring.seal(_PARTS.dump_json(one.parts), one.oa_id, _PURPOSE)
        return {
            "conversation": one.conversation,
            "oa": one.oa_id,
            "address": one.address,
            "due": one.due,
            "parts": sealed,
        }

    def _bell(self, document: Document) -> Bell:
        parts = _PARTS.validate_json(self._ring.open(document["parts"], document["oa"], _PURPOSE))
        told = document["conversation"], document["oa"], document["due"], document["address"]
        return Bell(UUID(hex=document["_id"]), *told, parts)
