"""Who waits for an officer, over HTTP. Personal."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from chassis.audit import Access, AuditLog
from chassis.auth import RESPONSES, Actor, Auth
from contracts.scopes import Scope
from services.chatbot.features.officer.store import OfficerQueue


def queue_router(queue: OfficerQueue, auth: Auth, audit: AuditLog) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["officers"], responses=RESPONSES)

    @router.get("/queue")
    async def waiting(
        oa_id: Annotated[str, Query(pattern=r"^[0-9A-Za-z_-]{1,32}$")],
        actor: Annotated[Actor, auth.require(Scope.QUEUE_READ)],
    ) -> list[dict[str, Any]]:
        """Who waits for an officer of this OA, the longest first, each with the talk so far."""
        entries = await queue.waiting(oa_id)
        conversations = [entry["conversation"] for entry in entries]
        await audit.record(
            actor, Access("queue.read", "conversation", conversations, oa_id, "who waits for an officer")
        )
        return entries

    return router
