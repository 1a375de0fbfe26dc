"""Imported data, by version: which edition of a list everybody sees, and the one before it.

A row is `{_id: version|key, v: version, k: key, line, …}`. The pointer `{_id: kind, current: version, source, as_of, former}`
moves in one write. The former edition's rows stay until the next file, so that one command brings them back.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from chassis.crypto import Place
from chassis.mongo import Collection, Database, Document, full_name, translate_errors

CACHE_SECONDS = 2.0  # How long a replica goes on with the version it knows.


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

    def rows_of(self, kind: str) -> Collection:
        return self._db[kind]

    def place(self, kind: str, document_id: str) -> Place:
        """Where the sealed part of a row belongs: its version is part of `_id`, so no row comes back from an older file."""
        return Place.stored(full_name(self.rows_of(kind)), document_id)

    async def current(self, kind: str) -> Current | None:
        """What is visible now; None before the first import."""
        read_at, cached = self._cache.get(kind, (0.0, None))
        if time.monotonic() - read_at < CACHE_SECONDS:
            return cached
        current, _ = await self.editions(kind)
        self._cache[kind] = (time.monotonic(), current)
        return current

    async def editions(self, kind: str) -> tuple[Current | None, Current | None]:
        """Returns the visible edition and the former one, as they stand in the database at this moment."""
        with translate_errors():
            pointer = await self._db.datasets.find_one({"_id": kind})
        if pointer is None:
            return None, None
        return _current(pointer), _current(pointer["former"]) if pointer.get("former") else None

    async def rows(self, kind: str, version: str, keys: Sequence[str]) -> list[Document]:
        """All rows of these keys at a version, in the file's order. One query."""
        with translate_errors():
            documents = await self.rows_of(kind).find({"v": version, "k": {"$in": list(keys)}}).to_list(None)
        return sorted(documents, key=lambda row: row["line"])

    async def publish(self, kind: str, edition: Current) -> None:
        """From now on everybody sees this edition. What is older than the former one is deleted afterwards."""
        current, former = await self.editions(kind)
        kept = former if current is not None and current.version == edition.version else current
        await self._point(kind, edition, kept)
        versions = [edition.version, *([kept.version] if kept else [])]
        with translate_errors():
            await self.rows_of(kind).delete_many({"v": {"$nin": versions}, "k": {"$exists": True}})
            await self._db.imports.delete_many({"kind": kind, "_id": {"$nin": versions}})
            await self._db.import_faults.delete_many({"kind": kind})

    async def restore(self, kind: str) -> Current | None:
        """Make the former edition the visible one, and the other way round. Returns it; None when there is none."""
        current, former = await self.editions(kind)
        if former is not None:
            await self._point(kind, former, current)
        return former

    async def _point(self, kind: str, edition: Current, former: Current | None) -> None:
        pointer = _document(edition) | {"former": _document(former) if former else None}
        with translate_errors():
            await self._db.datasets.replace_one({"_id": kind}, pointer, upsert=True)
        self._cache.pop(kind, None)


def row_key(loading: str, row_id: str) -> str:
    return f"{loading}|{row_id}"


def _document(edition: Current) -> Document:
    return {
        "current": edition.version,
        "source": edition.source,
        "as_of": edition.as_of,
        "rows": edition.rows,
        "named": edition.named,
    }


def _current(document: Document) -> Current:
    fields = document["current"], document["source"], document["as_of"].astimezone(UTC)
    return Current(*fields, document["rows"], document["named"])
