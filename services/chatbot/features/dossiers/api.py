"""Dossiers over HTTP: other systems push a status, officers read a history."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from chassis.audit import Access, AuditLog
from chassis.auth import RESPONSES, Actor, Auth
from chassis.bodies import read_body
from contracts.scopes import Scope
from services.chatbot.features.dossiers.effects import STAGES, DossierHistory, HistoryEntry
from services.chatbot.features.dossiers.jobs import StatusChange, StatusChanges
from services.chatbot.features.dossiers.parsing import read_code, read_stage

MAX_BYTES = 16 * 1024  # Of one push.
CLOCKS_APART = timedelta(minutes=5)
_ID = re.compile(r"[\w.:\-]{8,80}", re.ASCII)


class StatusPush(BaseModel):
    """`status` is one of the stages by its name or in the words offices use; `id` is the pushing system's own."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: str = Field(min_length=8, max_length=80)
    code: str = Field(min_length=5, max_length=60, repr=False)
    status: str = Field(max_length=60)
    at: AwareDatetime
    note: str = Field("", max_length=300, repr=False)


_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": StatusPush.model_json_schema()}}}}


def dossier_router(changes: StatusChanges, auth: Auth, audit: AuditLog) -> APIRouter:
    """A dossier belongs to the province, not to an OA."""
    router = APIRouter(prefix="/api/dossiers", tags=["dossiers"], responses=RESPONSES)

    @router.post("/events", openapi_extra=_BODY, dependencies=[auth.require(Scope.DOSSIERS_PUSH)])
    async def push(request: Request) -> dict[str, bool]:
        """`{moved}`: whether this changed where the dossier stands. The same `id` again changes nothing and is no fault."""
        return {"moved": await changes.push(read_change(await _read_push(request)))}

    @router.get("/{code}/history")
    async def history(code: str, actor: Annotated[Actor, auth.require(Scope.DOSSIERS_READ)]) -> dict[str, Any]:
        """The transaction history, in order: what citizens filed about the dossier, and how its status moved."""
        dossier_code = _valid_code(code)
        entries = await changes.history.of(DossierHistory(dossier_code))
        subject = audit.pseudonym("dossier", dossier_code)
        await audit.record(actor, Access("dossier.read", "dossier", [subject], purpose="the history"))
        return {"code": dossier_code, "entries": [_entry_json(entry) for entry in entries]}

    return router


async def _read_push(request: Request) -> StatusPush:
    body = await read_body(request, MAX_BYTES)
    try:
        return StatusPush.model_validate_json(body)
    except ValidationError as error:
        messages = [
            f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in error.errors(include_input=False)
        ]
        raise _rejected("; ".join(messages)) from None


def read_change(body: StatusPush) -> StatusChange:
    stage = read_stage(body.status)
    if stage is None:
        raise _rejected(f"status: one of {', '.join(STAGES)}")
    if _ID.fullmatch(body.id) is None:
        raise _rejected("id: 8 to 80 letters, digits, and . : - _")
    if body.at > datetime.now(UTC) + CLOCKS_APART:
        raise _rejected("at: lies in the future; look at the clock of the system that sent it")
    return StatusChange(body.id, _valid_code(body.code), stage, body.at.astimezone(UTC), " ".join(body.note.split()))


def _valid_code(code: str) -> str:
    dossier_code = read_code(code)
    if dossier_code is None or dossier_code != code.strip().upper():
        raise _rejected("code: not a dossier's code")
    return dossier_code


def _rejected(reason: str) -> HTTPException:
    return HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, reason)


def _entry_json(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "id": str(entry.id),
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "by": entry.by,
        "told": dict(entry.fields),
    }
