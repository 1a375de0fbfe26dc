"""Who waits for a seat, first come first served; one place in each line per citizen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from chassis.mongo import Collection as MongoCollection
from chassis.mongo import Document, translate_errors
from services.chatbot.features.appointments.effects import JoinWaitlist, LeaveWaitlist


@dataclass(frozen=True, slots=True)
class WaitlistEntry:
    id: UUID
    conversation: str
    oa_id: str
    service: str
    office: str
    since: datetime
    address: str = field(repr=False)


class Waitlist:
    def __init__(self, collection: MongoCollection) -> None:
        self._entries = collection

    async def prepare(self) -> None:
        with translate_errors():
            await self._entries.create_index([("service", 1), ("office", 1), ("since", 1)])
            await self._entries.create_index("conversation")

    async def join(self, effect: JoinWaitlist) -> int:
        key = {"conversation": effect.conversation, "service": effect.service, "office": effect.office}
        fields: Document = {"id": effect.id.hex, "oa": effect.oa_id, "since": effect.since, "address": effect.address}
        with translate_errors():
            await self._entries.update_one(key, {"$setOnInsert": fields}, upsert=True)
            own_entry = await self._entries.find_one(key)
            earlier = {
                "service": effect.service,
                "office": effect.office,
                "since": {"$lt": own_entry["since"] if own_entry else effect.since},
            }
            return 1 + int(await self._entries.count_documents(earlier))

    async def leave(self, effect: LeaveWaitlist) -> bool:
        with translate_errors():
            result = await self._entries.delete_many({"conversation": effect.conversation})
        return bool(result.deleted_count)

    async def first_of_each(self, at_most: int, without: Collection[str] = ()) -> Sequence[WaitlistEntry]:
        """Returns the first of each waiting list, except those whose id is in `without`."""
        pipeline: list[Document] = [
            {"$match": {"id": {"$nin": list(without)}}},
            {"$sort": {"since": 1}},
            {"$group": {"_id": {"service": "$service", "office": "$office"}, "first": {"$first": "$$ROOT"}}},
            {"$limit": at_most},
        ]
        with translate_errors():
            rows = await self._entries.aggregate(pipeline).to_list(None)
        return [_waitlist_entry(row["first"]) for row in rows]

    async def remove(self, entry: WaitlistEntry) -> None:
        with translate_errors():
            await self._entries.delete_one({"id": entry.id.hex})

    async def forget(self, conversation: str) -> None:
        await self.leave(LeaveWaitlist(conversation))


def _waitlist_entry(document: Document) -> WaitlistEntry:
    fields = document["conversation"], document["oa"], document["service"], document["office"]
    return WaitlistEntry(UUID(hex=document["id"]), *fields, document["since"].astimezone(UTC), document["address"])
