"""What may be asked over HTTP: sums over the ledger, and what became of a message. Never a message's text."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, status
from pydantic import BaseModel, Field

from chassis.audit import Access, AuditLog
from chassis.auth import RESPONSES, Actor, Auth
from contracts.scopes import Scope
from services.notify.delivery import LanePriority, Status, delivery_id
from services.notify.split import HOUR_MS
from services.notify.store.inspect import Inspector

_PARTS_AT_MOST = 64
_ID = re.compile(r"^[0-9a-f]{32}$")


class Invariant(BaseModel):
    """accepted = delivered + failed + expired + suppressed + in flight. `delivered` counts sent and seen ones as well."""

    holds: bool
    accepted: int = Field(description="Messages that the commands accepted in this time asked for.")
    delivered: int
    failed: int
    expired: int
    suppressed: int
    in_flight: int
    incomplete: int = Field(
        description="Commands of which a message is missing: 0 unless one is being accepted just now."
    )
    overdue: int = Field(description="Due for over a minute and claimed by no process: normally 0.")
    by_status: dict[str, int]


class DeliveryStatus(BaseModel):
    id: str
    part: int
    of: int
    lane: str
    status: str
    code: int
    why: str
    attempts: int
    accepted_ms: int
    settled_ms: int | None
    in_doubt: bool = Field(description="Whether it had arrived was unknown once, and had to be asked.")


def router(
    inspector: Inspector,
    paused_oas: Callable[[int], Sequence[str]],
    now_ms: Callable[[], int],
    *,
    auth: Auth,
    audit: AuditLog,
) -> APIRouter:
    """`held`: the OAs that have to wait at a time."""
    api = APIRouter(prefix="/api", tags=["ledger"], responses=RESPONSES)

    @api.get("/ledger/invariant", dependencies=[auth.require(Scope.LEDGER_READ, every_oa=True)])
    async def invariant(hours: Annotated[float, Query(gt=0, le=24 * 90)] = 24) -> Invariant:
        """Counted from the ledger itself, over what was accepted in the last `hours`."""
        now = now_ms()
        account = await inspector.account(now - int(hours * HOUR_MS), now, paused_oas(now))
        count = account.by_status
        delivered = count[Status.SENT] + count[Status.DELIVERED] + count[Status.SEEN]
        in_flight = count[Status.ACCEPTED] + count[Status.SENDING]
        settled = delivered + count[Status.FAILED] + count[Status.EXPIRED] + count[Status.SUPPRESSED]
        return Invariant(
            holds=account.accepted == settled + in_flight and account.incomplete == 0,
            accepted=account.accepted,
            delivered=delivered,
            failed=count[Status.FAILED],
            expired=count[Status.EXPIRED],
            suppressed=count[Status.SUPPRESSED],
            in_flight=in_flight,
            incomplete=account.incomplete,
            overdue=account.overdue,
            by_status=count,
        )

    @api.get("/deliveries/{name}")
    async def deliveries(
        name: str, actor: Annotated[Actor, auth.require(Scope.DELIVERIES_READ)]
    ) -> list[DeliveryStatus]:
        """By the id of the event that asked (its messages in order), or of one message. 404 for what is not in the ledger."""
        hex_id = name.replace("-", "").lower()
        if not _ID.match(hex_id):
            raise HTTPException(status.HTTP_404_NOT_FOUND, "no such delivery")
        ids = [hex_id, *(delivery_id(UUID(hex=hex_id), index) for index in range(_PARTS_AT_MOST))]
        documents = [document for document in await inspector.deliveries(ids) if actor.serves(document["oa"])]
        if not documents:
            raise HTTPException(status.HTTP_404_NOT_FOUND, "no such delivery")
        access = Access(
            "delivery.read", "conversation", [documents[0]["c"]], documents[0]["oa"], "what became of a message"
        )
        await audit.record(actor, access)
        return [_delivery_status(document) for document in documents]

    return api


def _delivery_status(document: dict[str, Any]) -> DeliveryStatus:
    return DeliveryStatus(
        id=document["_id"],
        part=document["n"] + 1,
        of=document["of"],
        lane=LanePriority(document["lane"]).lane.value,
        status=document["s"],
        code=document.get("code", 0),
        why=document.get("why", ""),
        attempts=document.get("k", 0),
        accepted_ms=document["acc"],
        settled_ms=document.get("done"),
        in_doubt=document.get("doubt", False) or document.get("resent", False),
    )
