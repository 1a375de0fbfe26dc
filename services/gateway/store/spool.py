"""`gateway.spool`: events that wait for the broker, already sealed, in the order they came.

`{_id: "<number of the batch>-<place in it>", put, k: conversation, e: event id, at: its time, t: topic, v: value, h: headers}`.
MongoDB numbers the batches of all replicas, so a citizen's events come out as they went in, whatever the replicas' clocks say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from chassis.mongo import Database, Document
from chassis.records import OutgoingRecord
from services.gateway.store.bounded import within

_LEASE = timedelta(seconds=10)
_TIMEOUT_SECONDS = 2.0  # For everything a webhook does not wait for.


@dataclass(frozen=True, slots=True)
class SpooledRecord:
    document_id: str
    record: OutgoingRecord


@dataclass(slots=True)
class Spool:
    db: Database
    replica: str

    async def prepare(self) -> None:
        async with within(_TIMEOUT_SECONDS):
            await self.db["spool"].create_index("k")
            await self.db["leases"].update_one({"_id": "batches"}, {"$setOnInsert": {"n": 0}}, upsert=True)

    async def add(self, records: Sequence[OutgoingRecord], seconds: float) -> None:
        """All of them, journaled on a majority. Raises TransientError."""
        async with within(seconds):
            batch = await self.db["leases"].find_one_and_update(
                {"_id": "batches"}, {"$inc": {"n": 1}}, upsert=True, return_document=ReturnDocument.AFTER
            )
            documents = [_document(record, f"{batch['n']:015d}-{place:06d}") for place, record in enumerate(records)]
            await self.db["spool"].insert_many(documents, ordered=True)

    async def head(self, most: int) -> list[SpooledRecord]:
        """The oldest, in order. Raises TransientError."""
        async with within(_TIMEOUT_SECONDS):
            documents = await self.db["spool"].find({}).sort("_id", 1).limit(most).to_list(None)
        return [_spooled(document) for document in documents]

    async def after(self, document_id: str, topic: str) -> list[SpooledRecord]:
        """What was put in after that entry for this topic, in order. Raises TransientError."""
        async with within(_TIMEOUT_SECONDS):
            found = self.db["spool"].find({"_id": {"$gt": document_id}, "t": topic}).sort("_id", 1)
            documents = await found.to_list(None)
        return [_spooled(document) for document in documents]

    async def delete(self, entries: Sequence[SpooledRecord]) -> None:
        async with within(_TIMEOUT_SECONDS):
            await self.db["spool"].delete_many({"_id": {"$in": [entry.document_id for entry in entries]}})

    async def empty(self, seconds: float = _TIMEOUT_SECONDS) -> bool:
        async with within(seconds):
            return await self.db["spool"].find_one({}, {"_id": 1}) is None

    async def depth(self) -> tuple[int, float]:
        """How many wait, and the age of the oldest in seconds."""
        async with within(_TIMEOUT_SECONDS):
            count = await self.db["spool"].estimated_document_count()
            oldest = await self.db["spool"].find_one({}, {"put": 1}, sort=[("_id", 1)])
        if oldest is None:
            return 0, 0.0
        return max(1, count), max(0.0, (datetime.now(UTC) - oldest["put"]).total_seconds())

    async def lease(self) -> bool:
        """Whether this replica may drain: one at a time, so that the order holds. Kept by asking again within ten seconds."""
        now = datetime.now(UTC)
        mine = {"_id": "drain", "$or": [{"holder": self.replica}, {"until": {"$lt": now}}]}
        async with within(_TIMEOUT_SECONDS):
            try:
                await self.db["leases"].find_one_and_update(
                    mine,
                    {"$set": {"holder": self.replica, "until": now + _LEASE}},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
            except DuplicateKeyError:
                return False  # Another holds it.
        return True

    async def erase(self, conversation: str, up_to: datetime, but: Sequence[UUID]) -> int:
        """Erases what waits of a citizen and happened up to then, except the events that announce it. Returns how many."""
        async with within(_TIMEOUT_SECONDS):
            result = await self.db["spool"].delete_many(
                {"k": conversation, "at": {"$not": {"$gt": up_to}}, "e": {"$nin": [str(event_id) for event_id in but]}}
            )
        return int(result.deleted_count)


def _document(record: OutgoingRecord, key: str) -> Document:
    return {
        "_id": key,
        "put": datetime.now(UTC),
        "k": record.key.decode(),
        "e": record.headers["ce_id"].decode(),
        "at": datetime.fromisoformat(record.headers["ce_time"].decode()),
        "t": record.topic,
        "v": record.value,
        "h": dict(record.headers),
    }


def _spooled(document: Document) -> SpooledRecord:
    headers = {name: bytes(value) for name, value in document["h"].items()}
    return SpooledRecord(
        document["_id"], OutgoingRecord(document["t"], document["k"].encode(), bytes(document["v"]), headers)
    )
