"""`/api/rejects`: what is in quarantine, without its content, and the way to try it again once the cause is mended."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from chassis.audit import Access, AuditLog
from chassis.auth import RESPONSES, Actor, Auth
from chassis.crypto import DecryptionError
from chassis.mongo import Document
from contracts.audit import ANY_OA
from contracts.scopes import Scope
from services.gateway.decide import Outcome
from services.gateway.ingest import Ingest
from services.gateway.quarantine import Delivery, DigestAloneError, Quarantine

Key = Annotated[str, Path(pattern=r"^[0-9a-f]{24}$")]
_MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "Not among the rejects, or its key is gone."}}
_DURABLE = frozenset({Outcome.ACCEPTED, Outcome.SPOOLED, Outcome.REPEAT})


class RejectView(BaseModel):
    """What operators may see of a quarantined delivery: nothing a citizen wrote."""

    model_config = ConfigDict(frozen=True)
    id: str
    why: str
    reason: str
    event: str
    oa_id: str
    app_id: str | None
    size: int
    at: datetime
    digest: str | None = None  # Of the same bytes it is the same. Beyond a few of each OA nothing else is kept.


class RejectPage(BaseModel):
    model_config = ConfigDict(frozen=True)
    rejects: list[RejectView]


class RejectOpened(RejectView):
    """With the body as it came: personal. Every look is audited."""

    body: str


class Retried(BaseModel):
    model_config = ConfigDict(frozen=True)
    outcome: str


def quarantine_api(quarantine: Quarantine, ingest: Ingest, auth: Auth, audit: AuditLog) -> APIRouter:
    router = APIRouter(prefix="/api/rejects", tags=["rejects"], responses=RESPONSES)
    Opener = Annotated[Actor, auth.require(Scope.QUARANTINE_OPEN)]  # noqa: N806 - a type.

    async def load(key: str, actor: Actor) -> Document:
        document = await quarantine.store.get(key)
        if document is None or not actor.serves(document["oa"]):
            raise HTTPException(404, "no such reject: it may have been tried again, erased or too old")
        return document

    async def record(action: str, purpose: str, document: Document, actor: Actor) -> None:
        conversation = document.get("k")
        kind, subject = ("conversation", conversation) if conversation else ("reject", str(document["_id"]))
        await audit.record(actor, Access(action, kind, [subject], document["oa"] or ANY_OA, purpose))

    @router.get("", dependencies=[auth.require(Scope.QUARANTINE_LIST, every_oa=True)])
    async def list_rejects(
        why: Annotated[Outcome | None, Query()] = None,
        before: Annotated[AwareDatetime | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> RejectPage:
        """The newest first; `before` the last one's `at` continues."""
        return RejectPage(rejects=[_view(document) for document in await quarantine.store.page(why, before, limit)])

    @router.get("/{key}", responses=_MISSING)
    async def open_reject(key: Key, actor: Opener) -> RejectOpened:
        """Shows the content, for finding out why an event is not understood."""
        document = await load(key, actor)
        body = _opened(quarantine, document).raw.decode("utf-8", "replace")
        await record("reject.open", "why it is not understood", document, actor)
        return RejectOpened(body=body, **_view(document).model_dump())

    @router.post("/{key}/retry", responses=_MISSING)
    async def retry_reject(key: Key, actor: Opener) -> Retried:
        """Judge it as if it came now: after a forgotten secret was rotated, an OA registered, the catalogue extended."""
        document = await load(key, actor)
        await record("reject.retry", "to process it again", document, actor)
        verdict = await ingest.handle(_opened(quarantine, document))
        if verdict.outcome is not Outcome.UNAVAILABLE and verdict.outcome is not Outcome.SHED:
            await quarantine.store.delete(key)  # Settled; or put aside anew, under a new key.
        return Retried(outcome=verdict.outcome)

    return router


def _opened(quarantine: Quarantine, document: Document) -> Delivery:
    """Raises HTTPException 404 where nothing can be opened any more."""
    try:
        return quarantine.open(document)
    except DecryptionError:
        raise HTTPException(404, "the key it was sealed under is gone") from None
    except DigestAloneError:
        raise HTTPException(404, "only its digest was kept: its OA had many with a wrong signature") from None


def _view(document: Document) -> RejectView:
    return RejectView(
        id=str(document["_id"]),
        why=document["why"],
        reason=document["reason"],
        event=document["event"],
        oa_id=document["oa"],
        app_id=document["app"],
        size=document["size"],
        at=document["at"],
        digest=document.get("d"),
    )
