"""Imports over HTTP, in chunks: begin, send, commit. A load that stopped goes on where it was; half a load is never visible."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import APIRouter, HTTPException, Request, Response, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.auth import RESPONSES, Auth
from chassis.bodies import read_body
from chassis.crypto import KeyRing, Pepper
from chassis.mongo import Document
from contracts.scopes import Scope
from services.chatbot.lookups.import_rows import BadRowError, ParseRow, Sealer, column, has_names
from services.chatbot.lookups.store.datasets import Datasets, row_key

CHUNK_BYTES = 16 * 1024 * 1024
CHUNK_ROWS = 10_000


class Begin(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    kind: str = Field(max_length=20)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    source: str = Field(min_length=2, max_length=200)
    as_of: AwareDatetime
    columns: list[str] = Field(min_length=1, max_length=200)


def import_router(
    datasets: Datasets, parsers: Mapping[str, ParseRow], ring: KeyRing, pepper: Pepper, auth: Auth
) -> APIRouter:
    allowed = auth.require(Scope.IMPORTS_WRITE, every_oa=True)
    router = APIRouter(prefix="/api/imports", tags=["imports"], dependencies=[allowed], responses=RESPONSES)

    @router.post("")
    async def begin(body: Begin) -> dict[str, Any]:
        """`{id, next_chunk, done}`: the same file goes on where it stopped."""
        if body.kind not in parsers:
            raise HTTPException(status.HTTP_404_NOT_FOUND, f"loại dữ liệu phải là một trong: {', '.join(parsers)}")
        named = has_names([column(name) for name in body.columns])
        loading = await datasets.begin(body.kind, body.sha256, body.source, body.as_of, named=named)
        return {"id": loading.id, "next_chunk": loading.next_chunk, "done": loading.done}

    @router.put("/{loading}/chunks/{chunk}")
    async def add(loading: str, chunk: int, request: Request) -> Response:
        """Body: `{first_line, columns, rows: [[cell…]…]}`. Answers `{bad: [{line, reason}]}`; the good rows are kept."""
        parse = parsers.get(loading.partition("-")[0])
        payload = await _read_payload(request)
        if parse is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        documents, refused = parse_rows(payload, parse, sealer_of(loading, datasets, ring, pepper))
        duplicates = await datasets.add(loading, chunk, documents)
        refused += [{"line": line, "reason": "trùng với một dòng trước đó"} for line in duplicates]
        return Response(
            orjson.dumps({"bad": sorted(refused, key=lambda fault: fault["line"])}), media_type="application/json"
        )

    @router.post("/{loading}/commit")
    async def commit(loading: str) -> dict[str, Any]:
        """From now on everybody sees this file's rows, and no other's."""
        current = await datasets.commit(loading)
        if current is None:
            why = "không có dòng nào dùng được; dữ liệu đang có được giữ nguyên"
            raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, why)
        return {"rows": current.rows}

    return router


def sealer_of(loading: str, datasets: Datasets, ring: KeyRing, pepper: Pepper) -> Sealer:
    """Returns what seals the rows of one load."""
    return Sealer(ring, pepper, lambda kind, row_id: datasets.place(kind, row_key(loading, row_id)))


async def _read_payload(request: Request) -> dict[str, Any]:
    body = await read_body(request, CHUNK_BYTES)
    try:
        payload = orjson.loads(body)
        rows, columns, first = payload["rows"], payload["columns"], payload["first_line"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, "want {first_line, columns, rows}") from None
    well_formed = (
        isinstance(first, int) and isinstance(columns, list) and isinstance(rows, list) and len(rows) <= CHUNK_ROWS
    )
    if not well_formed or not all(isinstance(row, list) for row in rows):
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, f"want lists, at most {CHUNK_ROWS} rows")
    return {"rows": rows, "columns": columns, "first": first}


def parse_rows(payload: dict[str, Any], parse: Any, sealer: Sealer) -> tuple[list[Document], list[dict[str, Any]]]:
    """Good rows as documents, bad ones as line and reason."""
    columns = [column(str(name)) for name in payload["columns"]]
    documents: list[Document] = []
    refused: list[dict[str, Any]] = []
    for line, cells in enumerate(payload["rows"], start=payload["first"]):
        try:
            if len(cells) > len(columns):
                raise BadRowError("nhiều ô hơn số cột")  # noqa: TRY301 — one place where a row is refused.
            row = {name: "" if cell is None else str(cell) for name, cell in zip(columns, cells, strict=False)}
            documents.append(parse(row, line, sealer))
        except BadRowError as fault:
            refused.append({"line": line, "reason": str(fault)})
    return documents, refused
