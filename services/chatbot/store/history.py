"""A dossier's transaction history: appended to, never changed; and which requests wait for an officer.

An entry's id is derived from what led to it, so what happens twice is entered once. It is sealed under a key of its dossier:
moved to another one it does not open. What a citizen filed stays on record when they leave the chat: it is the office's file,
and names no conversation.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import orjson
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from chassis.mongo import Database, Document, blame
from chassis.sealing import Pepper, Ring
from services.chatbot.dossiers import DossierHistory, Entry, FileRequest, PendingRequests

_PURPOSE = "dossier history"
_DUPLICATE = 11_000
_ONCE = frozenset({"withdraw"})  # Waits only once at a time; a later postal address replaces the earlier one.
_WAITS = frozenset({"post", "withdraw"})


class History:
    def __init__(self, db: Database, ring: Ring, pepper: Pepper) -> None:
        self._entries, self._pending, self._status = db.dossier_history, db.dossier_pending, db.dossier_status
        self._ring, self._pepper = ring, pepper

    async def prepare(self) -> None:
        with blame():
            await self._entries.create_index([("d", 1), ("at", 1)])
            await self._pending.create_index("d")

    def key(self, code: str) -> str:
        """The dossier's pseudonym, the same that imported rows are kept under."""
        return self._pepper.pseudonym("dossiers", code)

    async def of(self, one: DossierHistory) -> tuple[Entry, ...]:
        key = self.key(one.code)
        with blame():
            found = await self._entries.find({"d": key}).sort([("at", 1), ("_id", 1)]).limit(500).to_list(None)
        return tuple(self._entry(document) for document in found)

    def _entry(self, document: Document) -> Entry:
        told = orjson.loads(self._ring.open(document["s"], document["d"], _PURPOSE))
        pairs = tuple((name, value) for name, value in told.items())
        return Entry(UUID(hex=document["_id"]), document["at"].astimezone(UTC), document["kind"], document["by"], pairs)

    async def append(self, entries: Sequence[tuple[str, Entry]]) -> None:
        """`(pseudonym, entry)`: those that are there already stay as they are."""
        if not entries:
            return
        try:
            with blame():
                await self._entries.bulk_write(
                    [InsertOne(self._document(key, one)) for key, one in entries], ordered=False
                )
        except BulkWriteError as fault:
            if any(error.get("code") != _DUPLICATE for error in fault.details.get("writeErrors", [])):
                raise

    def _document(self, key: str, one: Entry) -> Document:
        sealed = self._ring.seal(orjson.dumps(dict(one.told)), key, _PURPOSE)
        return {"_id": one.id.hex, "d": key, "at": one.at, "kind": one.kind, "by": one.by, "s": sealed}

    async def file(self, one: FileRequest) -> bool:
        """The claim first, then the entry: a crash in between is mended when the same message is handled again."""
        key = self.key(one.code)
        if one.entry.kind in _WAITS and not await self._claim(key, one.entry):
            return False
        await self.append([(key, one.entry)])
        return True

    async def _claim(self, key: str, entry: Entry) -> bool:
        name = f"{key}|{entry.kind}"
        claim: Document = {"_id": name, "d": key, "kind": entry.kind, "by": entry.id.hex}
        with blame():
            if entry.kind not in _ONCE:
                await self._pending.replace_one({"_id": name}, claim, upsert=True)
                return True
            try:
                await self._pending.insert_one(claim)
            except DuplicateKeyError:
                mine = await self._pending.find_one({"_id": name, "by": entry.id.hex})
                return mine is not None
        return True

    async def pending(self, one: PendingRequests) -> frozenset[str]:
        with blame():
            found = await self._pending.find({"d": self.key(one.code)}).to_list(None)
        return frozenset(document["kind"] for document in found)

    async def release(self, keys: Sequence[str]) -> None:
        """The office has moved these dossiers on: what waited only once may be filed anew."""
        with blame():
            await self._pending.delete_many({"d": {"$in": list(keys)}, "kind": {"$in": list(_ONCE)}})

    async def stages(self, keys: Sequence[str]) -> dict[str, tuple[str, datetime]]:
        """The last stage known of each dossier, and since when; those never heard of are left out."""
        with blame():
            found = await self._status.find({"_id": {"$in": list(keys)}}).to_list(None)
        return {one["_id"]: (one["t"], one["at"].astimezone(UTC)) for one in found}

    async def move(self, stages: Mapping[str, str], at: datetime) -> None:
        """Remember stages, unless something later is known."""
        writes = [
            UpdateOne({"_id": key, "at": {"$lte": at}}, {"$set": {"t": stage, "at": at}}, upsert=True)
            for key, stage in stages.items()
        ]
        if not writes:
            return
        try:
            with blame():
                await self._status.bulk_write(writes, ordered=False)
        except BulkWriteError as fault:  # The upsert collides with a later status, and that one stays.
            if any(error.get("code") != _DUPLICATE for error in fault.details.get("writeErrors", [])):
                raise

    async def swept(self) -> str:
        """The import that was last compared with what was known before."""
        with blame():
            found = await self._status.find_one({"_id": "import"})
        return str(found["version"]) if found else ""

    async def sweep_done(self, version: str) -> None:
        with blame():
            await self._status.replace_one({"_id": "import"}, {"version": version}, upsert=True)
