"""Reminders: what is to be sent later, sealed, until it is on the log."""

from collections.abc import Collection as Names
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from pymongo import ReplaceOne

from chassis.crypto import KeyRing, Place
from chassis.mongo import Collection, Document, bulk_write, full_name, translate_errors
from contracts.message import MessagePart
from services.chatbot.reminders.effects import CancelReminders, ScheduleReminder

_PARTS = TypeAdapter(tuple[MessagePart, ...])


@dataclass(frozen=True, slots=True)
class Reminder:
    id: UUID
    conversation: str
    oa_id: str
    due: datetime
    address: str = field(repr=False)
    parts: tuple[MessagePart, ...] = field(repr=False)


class Reminders:
    def __init__(self, collection: Collection, ring: KeyRing) -> None:
        self._collection, self._ring = collection, ring

    async def prepare(self) -> None:
        with translate_errors():
            await self._collection.create_index("due")
            await self._collection.create_index("conversation")

    async def answer(self, effects: Sequence[ScheduleReminder]) -> Mapping[ScheduleReminder, bool]:
        writes = [ReplaceOne({"_id": effect.id.hex}, self._document(effect), upsert=True) for effect in effects]
        await bulk_write(self._collection, writes)
        return dict.fromkeys(effects, True)

    async def cancel(self, effect: CancelReminders) -> bool:
        with translate_errors():
            result = await self._collection.delete_many(
                {"_id": {"$in": [reminder_id.hex for reminder_id in effect.ids]}}
            )
        return bool(result.deleted_count)

    async def due(self, now: datetime, at_most: int, without: Names[str] = ()) -> list[Document]:
        """Returns what is due, the longest first, still sealed, passing over the ids in `without`."""
        query = {"due": {"$lte": now}, "_id": {"$nin": list(without)}}
        with translate_errors():
            return await self._collection.find(query).sort("due", 1).limit(at_most).to_list(None)

    async def mark_sent(self, reminders: Sequence[Reminder]) -> None:
        """They are on the log."""
        with translate_errors():
            await self._collection.delete_many({"_id": {"$in": [reminder.id.hex for reminder in reminders]}})

    async def forget(self, conversation: str) -> None:
        with translate_errors():
            await self._collection.delete_many({"conversation": conversation})

    def _document(self, effect: ScheduleReminder) -> Document:
        place = self._place(effect.id.hex, effect.conversation, effect.oa_id)
        return {
            "conversation": effect.conversation,
            "oa": effect.oa_id,
            "address": effect.address,
            "due": effect.due,
            "parts": self._ring.seal(_PARTS.dump_json(effect.parts), place),
        }

    def _place(self, document_id: str, conversation: str, oa_id: str) -> Place:
        return Place.stored(full_name(self._collection), document_id, conversation, oa_id)

    def opened(self, document: Document) -> Reminder:
        """Raises DecryptionError when its key is gone."""
        place = self._place(document["_id"], document["conversation"], document["oa"])
        parts = _PARTS.validate_json(self._ring.open(document["parts"], place))
        fields = document["conversation"], document["oa"], document["due"], document["address"]
        return Reminder(UUID(hex=document["_id"]), *fields, parts)
