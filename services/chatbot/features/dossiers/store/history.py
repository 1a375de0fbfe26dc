"""A dossier's transaction history: appended to, never changed; and which requests wait for an officer.

An entry's id is derived from what led to it, so what happens twice is entered once. It is sealed for its dossier:
moved to another one it does not open. What a citizen filed stays on record when they leave the chat: it is the office's file,
and names no conversation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson
from pymongo import InsertOne, UpdateOne
from pymongo.errors import DuplicateKeyError

from chassis.crypto import KeyRing, Pepper, Place
from chassis.mongo import Database, Document, bulk_write, full_name, translate_errors
from services.chatbot.features.dossiers.effects import DossierHistory, FileRequest, HistoryEntry, PendingRequests

_SINGLE_KINDS = frozenset({"withdraw"})  # Waits only once at a time; a later postal address replaces the earlier one.
_PENDING_KINDS = frozenset({"post", "withdraw"})


@dataclass(frozen=True, slots=True)
class KnownStage:
    """`imported` ones hold until the next edition of the list, whichever it is; pushed ones until something later."""

    stage: str
    at: datetime
    imported: bool


class History:
    def __init__(self, db: Database, ring: KeyRing, pepper: Pepper) -> None:
        self._entries, self._pending, self._status = db.dossier_history, db.dossier_pending, db.dossier_status
        self._ring, self._pepper = ring, pepper

    async def prepare(self) -> None:
        with translate_errors():
            await self._entries.create_index([("d", 1), ("at", 1)])
            await self._pending.create_index("d")

    def key(self, code: str) -> str:
        """The dossier's pseudonym, the same that imported rows are kept under."""
        return self._pepper.pseudonym("dossiers", code)

    async def of(self, query: DossierHistory) -> tuple[HistoryEntry, ...]:
        key = self.key(query.code)
        with translate_errors():
            documents = await self._entries.find({"d": key}).sort([("at", 1), ("_id", 1)]).limit(500).to_list(None)
        return tuple(self._entry(document) for document in documents)

    def _entry(self, document: Document) -> HistoryEntry:
        place = self._place(document["_id"], document["d"], document["kind"], document["by"])
        fields = orjson.loads(self._ring.open(document["s"], place))
        field_pairs = tuple((name, value) for name, value in fields.items())
        return HistoryEntry(
            UUID(hex=document["_id"]), document["at"].astimezone(UTC), document["kind"], document["by"], field_pairs
        )

    async def append(self, entries: Sequence[tuple[str, HistoryEntry]]) -> None:
        """`(pseudonym, entry)`: those that are there already stay as they are."""
        inserts = [InsertOne(self._document(key, entry)) for key, entry in entries]
        await bulk_write(self._entries, inserts, keep_existing=True)

    def _document(self, key: str, entry: HistoryEntry) -> Document:
        place = self._place(entry.id.hex, key, entry.kind, entry.by)
        sealed = self._ring.seal(orjson.dumps(dict(entry.fields)), place)
        return {"_id": entry.id.hex, "d": key, "at": entry.at, "kind": entry.kind, "by": entry.by, "s": sealed}

    def _place(self, document_id: str, key: str, kind: str, by: str) -> Place:
        return Place.stored(full_name(self._entries), document_id, key, kind, by)

    async def file(self, request: FileRequest) -> bool:
        """The claim first, then the entry: a crash in between is mended when the same message is handled again."""
        key = self.key(request.code)
        if request.entry.kind in _PENDING_KINDS and not await self._claim(key, request.entry):
            return False
        await self.append([(key, request.entry)])
        return True

    async def _claim(self, key: str, entry: HistoryEntry) -> bool:
        claim_id = f"{key}|{entry.kind}"
        claim: Document = {"_id": claim_id, "d": key, "kind": entry.kind, "by": entry.id.hex}
        with translate_errors():
            if entry.kind not in _SINGLE_KINDS:
                await self._pending.replace_one({"_id": claim_id}, claim, upsert=True)
                return True
            try:
                await self._pending.insert_one(claim)
            except DuplicateKeyError:
                own_claim = await self._pending.find_one({"_id": claim_id, "by": entry.id.hex})
                return own_claim is not None
        return True

    async def pending(self, query: PendingRequests) -> frozenset[str]:
        with translate_errors():
            documents = await self._pending.find({"d": self.key(query.code)}).to_list(None)
        return frozenset(document["kind"] for document in documents)

    async def release(self, keys: Sequence[str]) -> None:
        """The office has moved these dossiers on: what waited only once may be filed anew."""
        with translate_errors():
            await self._pending.delete_many({"d": {"$in": list(keys)}, "kind": {"$in": list(_SINGLE_KINDS)}})

    async def stages(self, keys: Sequence[str]) -> dict[str, KnownStage]:
        """Returns the last stage of each dossier; unknown ones are left out."""
        with translate_errors():
            documents = await self._status.find({"_id": {"$in": list(keys)}}).to_list(None)
        return {
            document["_id"]: KnownStage(document["t"], document["at"].astimezone(UTC), document.get("imported", False))
            for document in documents
        }

    async def set_stages(self, stages: Mapping[str, str], at: datetime, *, imported: bool) -> None:
        """Remember stages, unless something later was pushed."""
        older = {"$or": [{"at": {"$lte": at}}, {"imported": True}]}
        change = {"at": at, "imported": imported}
        writes = [
            UpdateOne({"_id": key, **older}, {"$set": {"t": stage, **change}}, upsert=True)
            for key, stage in stages.items()
        ]
        # Where something later is known the upsert collides with it, and that one stays.
        await bulk_write(self._status, writes, keep_existing=True)

    async def compared_version(self) -> str:
        """The import that was last compared with what was known before."""
        with translate_errors():
            document = await self._status.find_one({"_id": "import"})
        return str(document["version"]) if document else ""

    async def set_compared_version(self, version: str) -> None:
        with translate_errors():
            await self._status.replace_one({"_id": "import"}, {"version": version}, upsert=True)
