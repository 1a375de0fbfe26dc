"""Imports over HTTP, in chunks: begin, send, commit; and the former edition brought back. Half a load is never visible."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, HTTPException, Request, Response, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.auth import RESPONSES, Auth
from chassis.bodies import read_body
from chassis.crypto import KeyRing, Pepper
from contracts.scopes import Scope
from services.chatbot.lookups.import_header import Head, Header, NoHeaderError, find_header
from services.chatbot.lookups.import_rows import RowFormat, Sealer
from services.chatbot.lookups.store.datasets import Current, Datasets, row_key
from services.chatbot.lookups.store.loads import Loading, Loads, NewFile, Refusal

CHUNK_BYTES = 16 * 1024 * 1024
CHUNK_ROWS = 10_000
MAX_TABLES = 200  # Sheets of one workbook.
HEAD_LINES, HEAD_CELLS = 50, 500
_GONE = "lần nạp này không còn: chạy lại lệnh nạp từ đầu"
_REFUSALS = {
    Refusal.EMPTY: "không có dòng nào dùng được; dữ liệu đang có được giữ nguyên",
    Refusal.SHRUNK: "tệp chỉ có {rows} dòng dùng được, không quá một nửa số dòng đang có: có thể tệp bị cắt hoặc nhầm tệp; "
    "dữ liệu đang có được giữ nguyên. Nếu đúng là tệp cần nạp, chạy lại với --force",
}

HeadCells = Annotated[list[str], Field(max_length=HEAD_CELLS)]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class HeadBody(_Body):
    name: str = Field(max_length=100)
    lines: list[tuple[int, HeadCells]] = Field(max_length=HEAD_LINES)


class Begin(_Body):
    kind: str = Field(max_length=20)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    source: str = Field(min_length=2, max_length=200)
    as_of: AwareDatetime
    tables: list[HeadBody] = Field(min_length=1, max_length=MAX_TABLES)


class Commit(_Body):
    force: bool = False


@dataclass(frozen=True, slots=True)
class Importer:
    datasets: Datasets
    loads: Loads
    formats: Mapping[str, RowFormat]
    ring: KeyRing
    pepper: Pepper

    def format_of(self, kind: str) -> RowFormat:
        """Raises HTTPException for a kind that there is not."""
        if kind not in self.formats:
            raise HTTPException(status.HTTP_404_NOT_FOUND, f"loại dữ liệu phải là một trong: {', '.join(self.formats)}")
        return self.formats[kind]

    async def begin(self, body: Begin) -> Loading:
        row_format = self.format_of(body.kind)
        header = _header(body.tables, row_format)
        named = bool(row_format.name_column) and row_format.name_column in header.columns
        return await self.loads.begin(NewFile(body.kind, body.sha256, body.source, body.as_of, header, named))

    async def find(self, loading_id: str) -> Loading:
        """Raises HTTPException when nobody began it, or another file of its kind was published since."""
        loading = await self.loads.find(loading_id)
        if loading is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND, _GONE)
        return loading

    def sealer(self, loading: Loading) -> Sealer:
        """Returns what seals the rows of one load for their places."""
        return Sealer(self.ring, self.pepper, lambda kind, row: self.datasets.place(kind, row_key(loading.id, row)))

    async def add(self, loading_id: str, chunk: int, lines: Sequence[tuple[int, Sequence[Any]]]) -> list[Any]:
        loading = await self.find(loading_id)
        documents, faults = self.format_of(loading.kind).parse_lines(lines, loading.header, self.sealer(loading))
        return await self.loads.add(loading, chunk, documents, faults)


def import_router(importer: Importer, auth: Auth) -> APIRouter:
    allowed = auth.require(Scope.IMPORTS_WRITE, every_oa=True)
    router = APIRouter(prefix="/api", tags=["imports"], dependencies=[allowed], responses=RESPONSES)

    @router.post("/imports")
    async def begin(body: Begin) -> dict[str, Any]:
        """`{id, next_chunk, done, table, header_line, left_out, bad}`: the same file goes on where it stopped."""
        loading = await importer.begin(body)
        header = loading.header
        return {
            "id": loading.id,
            "next_chunk": loading.next_chunk,
            "done": loading.done,
            "table": header.table,
            "header_line": header.line,
            "left_out": header.left_out,
            "bad": await importer.loads.faults(loading),
        }

    @router.put("/imports/{loading}/chunks/{chunk}")
    async def add(loading: str, chunk: int, request: Request) -> Response:
        """Body: `{rows: [[line, [cell…]]…]}`. Answers `{bad: [{line, reason, kept}]}`; the good rows are kept."""
        bad = await importer.add(loading, chunk, await _read_rows(request))
        return Response(orjson.dumps({"bad": bad}), media_type="application/json")

    @router.post("/imports/{loading}/commit")
    async def commit(loading: str, body: Commit) -> dict[str, Any]:
        """From now on everybody sees this file's rows, and no other's. 409 when that would be a mistake."""
        found = await importer.find(loading)
        committed = await importer.loads.commit(found, force=body.force)
        if isinstance(committed, Refusal):
            raise HTTPException(status.HTTP_409_CONFLICT, _REFUSALS[committed].format(rows=found.rows))
        return {"rows": committed.rows}

    @router.get("/datasets")
    async def datasets() -> dict[str, Any]:
        """By kind: the visible edition, and the former one that can be brought back."""
        editions = {kind: await importer.datasets.editions(kind) for kind in importer.formats}
        return {
            "datasets": [
                {"kind": kind, "current": _edition(current), "former": _edition(former)}
                for kind, (current, former) in editions.items()
            ]
        }

    @router.post("/datasets/{kind}/restore")
    async def restore(kind: str) -> dict[str, Any]:
        """The former edition is visible again; doing it twice changes nothing in the end."""
        importer.format_of(kind)
        edition = await importer.datasets.restore(kind)
        if edition is None:
            raise HTTPException(status.HTTP_409_CONFLICT, "không có bản trước để đưa trở lại")
        return _edition(edition) or {}

    return router


def _edition(edition: Current | None) -> dict[str, Any] | None:
    return {"source": edition.source, "as_of": edition.as_of, "rows": edition.rows} if edition else None


def _header(tables: Sequence[HeadBody], row_format: RowFormat) -> Header:
    try:
        return find_header([Head(table.name, table.lines) for table in tables], row_format.columns)
    except NoHeaderError as fault:
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, str(fault)) from None


async def _read_rows(request: Request) -> list[Any]:
    body = await read_body(request, CHUNK_BYTES)
    try:
        rows = orjson.loads(body)["rows"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, "want {rows}") from None
    if not isinstance(rows, list) or len(rows) > CHUNK_ROWS or not all(map(_is_line, rows)):
        raise HTTPException(
            status.HTTP_422_UNPROCESSABLE_CONTENT, f"want [line, [cell…]], at most {CHUNK_ROWS} of them"
        )
    return rows


def _is_line(row: object) -> bool:
    return isinstance(row, list) and len(row) == 2 and isinstance(row[0], int) and isinstance(row[1], list)  # noqa: PLR2004 — line and cells.
