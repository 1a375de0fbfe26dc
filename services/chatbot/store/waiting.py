"""Who waits for a seat, first come first served; one place in each line per citizen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from chassis.mongo import Collection, Document, blame
from services.chatbot.booking import JoinWaiting, LeaveWaiting


@dataclass(frozen=True, slots=True)
class Waiting:
    id: UUID
    conversation: str
    oa_id: str
    service: str
    office: str
    since: datetime
    address: str = field(repr=False)


class WaitingList:
    def __init__(self, collection: Collection) -> None:
        self._waiting = collection

    async def prepare(self) -> None:
        with blame():
            await self._waiting.create_index([("service", 1), ("office", 1), ("since", 1)])
            await self._waiting.create_index("conversation")

    async def join(self, one: JoinWaiting) -> int:
        key = {"conversation": one.conversation, "service": one.service, "office": one.office}
        told: Document = {"id": one.id.hex, "oa": one.oa_id, "since": one.since, "address": one.address}
        with blame():
            await self._waiting.update_one(key, {"$setOnInsert": told}, upsert=True)
            mine = await self._waiting.find_one(key)
            before = {
                "service": one.service,
                "office": one.office,
                "since": {"$lt": mine["since"] if mine else one.since},
            }
            return 1 + int(await self._waiting.count_documents(before))

    async def leave(self, one: LeaveWaiting) -> bool:
        with blame():
            gone = await self._waiting.delete_many({"conversation": one.conversation})
        return bool(gone.deleted_count)

    async def firsts(self, at_most: int) -> Sequence[Waiting]:
        """The first in each line."""
        pipeline: list[Document] = [
            {"$sort": {"since": 1}},
            {"$group": {"_id": {"service": "$service", "office": "$office"}, "first": {"$first": "$$ROOT"}}},
            {"$limit": at_most},
        ]
        with blame():
            rows = await self._waiting.aggregate(pipeline).to_list(None)
        return [_waiting(row["first"]) for row in rows]

    async def served(self, one: Waiting) -> None:
        with blame():
            await self._waiting.delete_one({"id": one.id.hex})

    async def forget(self, conversation: str) -> None:
        await self.leave(LeaveWaiting(conversation))


def _waiting(document: Document) -> Waiting:
    told = document["conversation"], document["oa"], document["service"], document["office"]
    return Waiting(UUID(hex=document["id"]), *told, document["since"].astimezone(UTC), document["address"])
