"""Imported data, by version: rows of a new file are loaded beside the old ones and become visible all at once.

A row is `{_id: version|key, v: version, k: key, line, …}`. The pointer `{_id: kind, current: version, source, as_of}` moves in
one write. A load that stops half way is resumed at its next chunk; nobody has seen any of it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo.errors import BulkWriteError

from chassis.mongo import Collection, Database, Document, blame

FRESH_SECONDS = 2.0  # How long a replica goes on with the version it knows.
_DUPLICATE = 11_000


@dataclass(frozen=True, slots=True)
class Loading:
    id: str  # The version it will be.
    next_chunk: int
    done: bool


@dataclass(frozen=True, slots=True)
class Current:
    version: str
    source: str
    as_of: datetime
    rows: int
    named: bool  # The file has names, so a look-up asks for one.


class Datasets:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, tuple[float, Current | None]] = {}

    async def prepare(self) -> None:
        with blame():
            for kind in ("scores", "fines", "dossiers"):
                await self._rows(kind).create_index([("v", 1), ("k", 1)])

    def _rows(self, kind: str) -> Collection:
        return self._db[kind]

    async def begin(self, kind: str, sha256: str, source: str, as_of: datetime, *, named: bool = False) -> Loading:
        """Begin, or go on where the same file's load had stopped."""
        told: Document = {
            "kind": kind,
            "source": source,
            "as_of": as_of,
            "next": 0,
            "rows": 0,
            "done": False,
            "named": named,
        }
        with blame():
            found = await self._db.imports.find_one_and_update(
                {"_id": f"{kind}-{sha256[:24]}"}, {"$setOnInsert": told}, upsert=True, return_document=True
            )
        return Loading(found["_id"], found["next"], found["done"])

    async def add(self, loading: str, chunk: int, rows: Sequence[Document]) -> list[int]:
        """Insert one chunk's rows. Returns the lines whose key another line of the file had already. Idempotent."""
        with blame():
            told = await self._db.imports.find_one({"_id": loading})
            if told is None or told["done"]:
                return []
            doubled = await self._insert(
                told["kind"], [{**row, "_id": f"{loading}|{row['id']}", "v": loading} for row in rows]
            )
            if chunk == told["next"]:
                change = {"$set": {"next": chunk + 1}, "$inc": {"rows": len(rows) - len(doubled)}}
                await self._db.imports.update_one({"_id": loading, "next": chunk}, change)
        return doubled

    async def _insert(self, kind: str, rows: Sequence[Document]) -> list[int]:
        if not rows:
            return []
        try:
            await self._rows(kind).insert_many(rows, ordered=False)
        except BulkWriteError as fault:
            errors = fault.details.get("writeErrors", [])
            if any(error.get("code") != _DUPLICATE for error in errors):
                raise
            return await self._doubled(kind, [error["op"] for error in errors])
        return []

    async def _doubled(self, kind: str, refused: Sequence[Document]) -> list[int]:
        """A chunk sent again meets its own lines; another line with the same key is a fault of the file."""
        ids = [row["_id"] for row in refused]
        there = {row["_id"]: row["line"] async for row in self._rows(kind).find({"_id": {"$in": ids}}, {"line": 1})}
        return [row["line"] for row in refused if there.get(row["_id"]) != row["line"]]

    async def commit(self, loading: str) -> Current | None:
        """Make it what everybody sees, at once; what was before goes afterwards. None for a load nobody began, or without a row.

        A file of which no row is good is the wrong file: it must not take the place of the right one.
        """
        with blame():
            told: Document | None = await self._db.imports.find_one_and_update(
                {"_id": loading, "rows": {"$gt": 0}}, {"$set": {"done": True}}
            )
            if told is None:
                return None
            pointer = {
                "current": loading,
                "source": told["source"],
                "as_of": told["as_of"],
                "rows": told["rows"],
                "named": told["named"],
            }
            await self._db.datasets.replace_one({"_id": told["kind"]}, pointer, upsert=True)
            self._known.pop(told["kind"], None)
            await self._rows(told["kind"]).delete_many({"v": {"$ne": loading}, "k": {"$exists": True}})
            await self._db.imports.delete_many({"kind": told["kind"], "_id": {"$ne": loading}})
        return _current(pointer)

    async def current(self, kind: str) -> Current | None:
        """What is visible now; None before the first import."""
        at, known = self._known.get(kind, (0.0, None))
        if time.monotonic() - at < FRESH_SECONDS:
            return known
        with blame():
            found = await self._db.datasets.find_one({"_id": kind})
        current = _current(found) if found else None
        self._known[kind] = (time.monotonic(), current)
        return current

    async def rows(self, kind: str, version: str, keys: Sequence[str]) -> list[Document]:
        """All rows of these keys at a version, in the file's order. One query."""
        with blame():
            found = await self._rows(kind).find({"v": version, "k": {"$in": list(keys)}}).to_list(None)
        return sorted(found, key=lambda row: row["line"])


def _current(document: Document) -> Current:
    told = document["current"], document["source"], document["as_of"].astimezone(UTC)
    return Current(*told, document["rows"], document["named"])
