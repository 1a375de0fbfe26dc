"""Dossiers and kept papers over HTTP: other systems push a status, officers read a history, notify fetches a citizen's paper."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from chassis.guard import REFUSED
from services.chatbot.changes import Change, Changes
from services.chatbot.dossiers import STAGES, DossierHistory, Entry, read_code, read_stage
from services.chatbot.filekinds import for_zalo
from services.chatbot.lookups.keeping import Links
from services.chatbot.papers import JPEG, PNG

MOST_BYTES = 16 * 1024  # Of one push.
CLOCKS_APART = timedelta(minutes=5)
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment"}
_ID = re.compile(r"[\w.:\-]{8,80}", re.ASCII)


class Pushed(BaseModel):
    """`status` is one of the stages by its name or in the words offices use; `id` is the pushing system's own."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: str = Field(min_length=8, max_length=80)
    code: str = Field(min_length=5, max_length=60, repr=False)
    status: str = Field(max_length=60)
    at: AwareDatetime
    note: str = Field("", max_length=300, repr=False)


_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": Pushed.model_json_schema()}}}}


def dossiers(changes: Changes, keeper: Any) -> APIRouter:
    """Only for who holds the token (file `chatbot-api-token`)."""
    router = APIRouter(prefix="/api/dossiers", tags=["dossiers"], dependencies=[keeper], responses=REFUSED)

    @router.post("/events", openapi_extra=_BODY)
    async def push(request: Request) -> dict[str, bool]:
        """`{moved}`: whether this changed where the dossier stands. The same `id` again changes nothing and is no fault."""
        return {"moved": await changes.push(read_change(await _pushed(request)))}

    @router.get("/{code}/history")
    async def history(code: str) -> dict[str, Any]:
        """The transaction history, in order: what citizens filed about the dossier, and how its status moved."""
        known = _known(code)
        entries = await changes.history.of(DossierHistory(known))
        return {"code": known, "entries": [_shown(entry) for entry in entries]}

    return router


async def _pushed(request: Request) -> Pushed:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE)
    try:
        return Pushed.model_validate_json(bytes(body))
    except ValidationError as fault:
        told = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in fault.errors(include_input=False)]
        raise _refused("; ".join(told)) from None


def read_change(body: Pushed) -> Change:
    stage = read_stage(body.status)
    if stage is None:
        raise _refused(f"status: one of {', '.join(STAGES)}")
    if _ID.fullmatch(body.id) is None:
        raise _refused("id: 8 to 80 letters, digits, and . : - _")
    if body.at > datetime.now(UTC) + CLOCKS_APART:
        raise _refused("at: lies in the future; look at the clock of the system that sent it")
    return Change(body.id, _known(body.code), stage, body.at.astimezone(UTC), " ".join(body.note.split()))


def _known(code: str) -> str:
    read = read_code(code)
    if read is None or read != code.strip().upper():
        raise _refused("code: not a dossier's code")
    return read


def _refused(why: str) -> HTTPException:
    return HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, why)


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "id": str(entry.id),
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "by": entry.by,
        "told": dict(entry.told),
    }


def kept_papers(links: Links) -> APIRouter:
    """Whoever has the link: it is made for notify, opens one paper, and is over after ten minutes."""
    router = APIRouter(tags=["files"])

    @router.get("/papers/{token}")
    async def paper(token: str) -> Response:
        """404 for a link that is forged or over, and for a paper that is gone, alike."""
        opened = await links.open(token)
        if opened is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        told, data = opened
        if told.media_type in {JPEG, PNG}:
            small = await asyncio.to_thread(for_zalo, data)
            if small is None:
                raise HTTPException(status.HTTP_404_NOT_FOUND)
            kind = told.media_type if small is data else JPEG
            return Response(small, media_type=kind, headers=_PRIVATE)
        return Response(data, media_type=told.media_type, headers=_PRIVATE)

    return router
