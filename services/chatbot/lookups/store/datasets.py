"""Imported data, by version: rows of a new file are loaded beside the old ones and become visible all at once.

A row is `{_id: version|key, v: version, k: key, line, …}`. The pointer `{_id: kind, current: version, source, as_of}` moves in
one write. A load that stops half way is resumed at its next chunk; nobody has seen any of it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo import InsertOne

from chassis.crypto import Place
from chassis.mongo import Collection, Database, Document, bulk_write, full_name, translate_errors

CACHE_SECONDS = 2.0  # How long a replica goes on with the version it knows.


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
        self._cache: dict[str, tuple[float, Current | None]] = {}

    def _rows(self, kind: str) -> Collection:
        return self._db[kind]

    def place(self, kind: str, document_id: str) -> Place:
        """Where the sealed part of a row belongs: its version is part of `_id`, so no row comes back from an older file."""
        return Place.stored(full_name(self._rows(kind)), document_id)

    async def begin(self, kind: str, sha256: str, source: str, as_of: datetime, *, named: bool = False) -> Loading:
        """Begin, or go on where the same file's load had stopped. A kind's index is made before its first row."""
        document: Document = {
            "kind": kind,
            "source": source,
            "as_of": as_of,
            "next": 0,
            "rows": 0,
            "done": False,
            "named": named,
        }
        with translate_errors():
            await self._rows(kind).create_index([("v", 1), ("k", 1)])
            stored = await self._db.imports.find_one_and_update(
                {"_id": f"{kind}-{sha256[:24]}"}, {"$setOnInsert": document}, upsert=True, return_document=True
            )
        return Loading(stored["_id"], stored["next"], stored["done"])

    async def add(self, loading: str, chunk: int, rows: Sequence[Document]) -> list[int]:
        """Insert one chunk's rows. Returns the lines whose key another line of the file had already. Idempotent."""
        with translate_errors():
            loading_document = await self._db.imports.find_one({"_id": loading})
            if loading_document is None or loading_document["done"]:
                return []
            duplicates = await self._insert(
                loading_document["kind"], [{**row, "_id": row_key(loading, row["id"]), "v": loading} for row in rows]
            )
            if chunk == loading_document["next"]:
                change = {"$set": {"next": chunk + 1}, "$inc": {"rows": len(rows) - len(duplicates)}}
                await self._db.imports.update_one({"_id": loading, "next": chunk}, change)
        return duplicates

    async def _insert(self, kind: str, rows: Sequence[Document]) -> list[int]:
        refused = await bulk_write(self._rows(kind), [InsertOne(row) for row in rows], keep_existing=True)
        return await self._duplicate_lines(kind, [rows[position] for position in refused]) if refused else []

    async def _duplicate_lines(self, kind: str, refused: Sequence[Document]) -> list[int]:
        """A chunk sent again meets its own lines; another line with the same key is a fault of the file."""
        ids = [row["_id"] for row in refused]
        line_of = {row["_id"]: row["line"] async for row in self._rows(kind).find({"_id": {"$in": ids}}, {"line": 1})}
        return [row["line"] for row in refused if line_of.get(row["_id"]) != row["line"]]

    async def commit(self, loading: str) -> Current | None:
        """Publish it in one write; the previous rows are deleted afterwards. None for a load nobody began, or without a row.

        A file of which no row is good is the wrong file: it must not take the place of the right one.
        """
        with translate_errors():
            loading_document: Document | None = await self._db.imports.find_one_and_update(
                {"_id": loading, "rows": {"$gt": 0}}, {"$set": {"done": True}}
            )
            if loading_document is None:
                return None
            pointer = {
                "current": loading,
                "source": loading_document["source"],
                "as_of": loading_document["as_of"],
                "rows": loading_document["rows"],
                "named": loading_document["named"],
            }
            await self._db.datasets.replace_one({"_id": loading_document["kind"]}, pointer, upsert=True)
            self._cache.pop(loading_document["kind"], None)
            await self._rows(loading_document["kind"]).delete_many({"v": {"$ne": loading}, "k": {"$exists": True}})
            await self._db.imports.delete_many({"kind": loading_document["kind"], "_id": {"$ne": loading}})
        return _current(pointer)

    async def current(self, kind: str) -> Current | None:
        """What is visible now; None before the first import."""
        read_at, cached = self._cache.get(kind, (0.0, None))
        if time.monotonic() - read_at < CACHE_SECONDS:
            return cached
        with translate_errors():
            document = await self._db.datasets.find_one({"_id": kind})
        current = _current(document) if document else None
        self._cache[kind] = (time.monotonic(), current)
        return current

    async def rows(self, kind: str, version: str, keys: Sequence[str]) -> list[Document]:
        """All rows of these keys at a version, in the file's order. One query."""
        with translate_errors():
            documents = await self._rows(kind).find({"v": version, "k": {"$in": list(keys)}}).to_list(None)
        return sorted(documents, key=lambda row: row["line"])


def row_key(loading: str, row_id: str) -> str:
    return f"{loading}|{row_id}"


def _current(document: Document) -> Current:
    fields = document["current"], document["source"], document["as_of"].astimezone(UTC)
    return Current(*fields, document["rows"], document["named"])
