"""Files on their way in: rows are loaded beside the visible ones, chunk by chunk.

A load that stops is resumed at its next chunk; nobody has seen any of it. What was wrong with the lines of a chunk is kept
with it, so that a resumed load tells all of it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pymongo import InsertOne

from chassis.mongo import Database, Document, bulk_write, translate_errors
from services.chatbot.lookups.import_header import Header
from services.chatbot.lookups.store.datasets import Current, Datasets, row_key


@dataclass(frozen=True, slots=True)
class NewFile:
    """What a file says of itself before its first row."""

    kind: str
    sha256: str
    source: str
    as_of: datetime
    header: Header
    named: bool = False


@dataclass(frozen=True, slots=True)
class Loading:
    id: str  # The version it will be.
    kind: str
    header: Header
    next_chunk: int
    rows: int  # Those that are usable so far.
    done: bool


class Refusal(StrEnum):
    """Why a load does not become visible."""

    EMPTY = "empty"
    SHRUNK = "shrunk"  # Half the rows of the visible edition or fewer: a file that was cut, or the wrong one.


class Loads:
    def __init__(self, db: Database, datasets: Datasets) -> None:
        self._db, self._datasets = db, datasets

    async def begin(self, file: NewFile) -> Loading:
        """Begin, or go on where the same file's load had stopped. A kind's index is made before its first row."""
        document: Document = {
            "kind": file.kind,
            "source": file.source,
            "as_of": file.as_of,
            "next": 0,
            "rows": 0,
            "named": file.named,
        }
        current, _ = await self._datasets.editions(file.kind)
        with translate_errors():
            await self._datasets.rows_of(file.kind).create_index([("v", 1), ("k", 1)])
            stored = await self._db.imports.find_one_and_update(
                {"_id": f"{file.kind}-{file.sha256[:24]}"},
                {"$set": {"header": asdict(file.header)}, "$setOnInsert": document},
                upsert=True,
                return_document=True,
            )
        return _loading(stored, done=current is not None and current.version == stored["_id"])

    async def find(self, loading_id: str) -> Loading | None:
        with translate_errors():
            stored = await self._db.imports.find_one({"_id": loading_id})
        return _loading(stored) if stored is not None else None

    async def faults(self, loading: Loading) -> list[Document]:
        """Returns what was wrong with the lines of earlier chunks, as it was reported then."""
        with translate_errors():
            documents = await self._db.import_faults.find({"loading": loading.id}).sort("chunk", 1).to_list(None)
        return [fault for document in documents for fault in document["faults"]]

    async def add(
        self, loading: Loading, chunk: int, rows: Sequence[Document], faults: Sequence[Document] = ()
    ) -> list[Document]:
        """Insert one chunk's rows. Returns its faults, with the lines whose key another line had already. Idempotent."""
        versioned = [{**row, "_id": row_key(loading.id, row["id"]), "v": loading.id} for row in rows]
        duplicates = await self._insert(loading.kind, versioned)
        repeated = [{"line": line, "reason": "trùng với một dòng trước đó", "kept": False} for line in duplicates]
        found = sorted([*faults, *repeated], key=lambda fault: fault["line"])
        with translate_errors():
            if found:
                kept = {"kind": loading.kind, "loading": loading.id, "chunk": chunk, "faults": found}
                await self._db.import_faults.replace_one({"_id": f"{loading.id}|{chunk}"}, kept, upsert=True)
            change = {"$set": {"next": chunk + 1}, "$inc": {"rows": len(rows) - len(duplicates)}}
            await self._db.imports.update_one({"_id": loading.id, "next": chunk}, change)
        return found

    async def _insert(self, kind: str, rows: Sequence[Document]) -> list[int]:
        refused = await bulk_write(self._datasets.rows_of(kind), [InsertOne(row) for row in rows], keep_existing=True)
        return await self._duplicate_lines(kind, [rows[position] for position in refused]) if refused else []

    async def _duplicate_lines(self, kind: str, refused: Sequence[Document]) -> list[int]:
        """A chunk sent again meets its own lines; another line with the same key is a fault of the file."""
        ids = [row["_id"] for row in refused]
        found = self._datasets.rows_of(kind).find({"_id": {"$in": ids}}, {"line": 1})
        line_of = {row["_id"]: row["line"] async for row in found}
        return [row["line"] for row in refused if line_of.get(row["_id"]) != row["line"]]

    async def commit(self, loading: Loading, *, force: bool = False) -> Current | Refusal:
        """Publish it in one write. A file of which no row is good is the wrong one: nothing makes it visible."""
        if not loading.rows:
            return Refusal.EMPTY
        current, _ = await self._datasets.editions(loading.kind)
        is_new = current is not None and current.version != loading.id
        if is_new and current is not None and loading.rows * 2 <= current.rows and not force:
            return Refusal.SHRUNK
        with translate_errors():
            stored: Document = await self._db.imports.find_one({"_id": loading.id}) or {}
        as_of = stored["as_of"].astimezone(UTC)
        edition = Current(loading.id, stored["source"], as_of, loading.rows, stored["named"])
        await self._datasets.publish(loading.kind, edition)
        return edition


def _loading(stored: Document, *, done: bool = False) -> Loading:
    header = stored["header"]
    fields = {name: tuple(header[name]) for name in ("columns", "left_out", "shortened")}
    found = Header(header["table"], header["line"], **fields)
    return Loading(stored["_id"], stored["kind"], found, stored["next"], stored["rows"], done)
