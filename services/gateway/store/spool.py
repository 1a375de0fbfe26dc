"""`gateway.spool`: events that wait for the broker, already sealed, in the order they came.

`{_id: "<nanoseconds, twenty digits>-<replica>", k: conversation, e: event id, at: its time, t: topic, v: value, h: headers}`.
One replica's ids only grow, so a citizen's events come out as they went in; between replicas the clocks decide.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from chassis.mongo import Database, Document
from chassis.records import OutgoingRecord
from contracts.text import read_number
from services.gateway.store.bounded import within

_LEASE = timedelta(seconds=10)
_NS_DIGITS = 20
_TIMEOUT_SECONDS = 2.0  # For everything a webhook does not wait for.


@dataclass(frozen=True, slots=True)
class SpooledRecord:
    document_id: str
    record: OutgoingRecord


@dataclass(slots=True)
class Spool:
    db: Database
    replica: str
    _last: int = 0
    _wall: Any = field(default=time.time_ns)

    async def prepare(self) -> None:
        async with within(_TIMEOUT_SECONDS):
            await self.db["spool"].create_index("k")

    async def add(self, records: Sequence[OutgoingRecord], seconds: float) -> None:
        """All of them, journaled on a majority, in one write. Raises TransientError."""
        documents = [self._document(record) for record in records]
        async with within(seconds):
            await self.db["spool"].insert_many(documents, ordered=True)

    async def head(self, most: int) -> list[SpooledRecord]:
        """The oldest, in order. Raises TransientError."""
        async with within(_TIMEOUT_SECONDS):
            documents = await self.db["spool"].find({}).sort("_id", 1).limit(most).to_list(None)
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
            oldest = await self.db["spool"].find_one({}, {"_id": 1}, sort=[("_id", 1)])
        if oldest is None:
            return count, 0.0
        return count, max(0.0, (self._wall() - (read_number(oldest["_id"].partition("-")[0], _NS_DIGITS) or 0)) / 1e9)

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

    async def erase(self, conversation: str, up_to: datetime, but: UUID) -> int:
        """Erases what waits of a citizen and happened up to then, except the event that announces it. Returns how many."""
        async with within(_TIMEOUT_SECONDS):
            result = await self.db["spool"].delete_many(
                {"k": conversation, "at": {"$not": {"$gt": up_to}}, "e": {"$ne": str(but)}}
            )
        return int(result.deleted_count)

    def _document(self, record: OutgoingRecord) -> Document:
        self._last = max(self._last + 1, self._wall())
        return {
            "_id": f"{self._last:020d}-{self.replica}",
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
