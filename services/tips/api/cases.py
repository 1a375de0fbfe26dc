"""What officers' programs may ask about a case: its state and counts, never its content."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, status
from fastapi import Path as InPath
from pydantic import BaseModel

from chassis.audit import Access, AuditLog
from chassis.auth import RESPONSES, Actor, Auth
from contracts.scopes import Scope
from services.tips.store.cases import Cases
from services.tips.store.media import Media
from services.tips.store.pieces import Pieces

_CASE = r"^[0-9a-f]{32}$"


class CaseState(BaseModel):
    case_id: str
    oa_id: str
    state: str
    ending: str | None = None
    day: date  # In UTC. The exact time is sealed.
    closed_day: date | None = None
    pieces: dict[str, int]  # By kind.
    media: dict[str, int]  # By state: to_fetch, kept, refused, lost.


def case_api(cases: Cases, pieces: Pieces, media: Media, auth: Auth, audit: AuditLog) -> APIRouter:
    """A case of another OA and one that does not exist are the same 404."""
    router = APIRouter(prefix="/api", tags=["cases"], responses=RESPONSES)

    @router.get("/cases/{case_id}", responses={404: {}})
    async def read_case(
        case_id: Annotated[str, InPath(pattern=_CASE)], actor: Annotated[Actor, auth.require(Scope.CASES_READ)]
    ) -> CaseState:
        """State and counts of one case."""
        case = await cases.summary(case_id)
        if case is None or not actor.serves(case["oa"]):
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        await audit.record(
            actor, Access("case.read", "case", [audit.pseudonym("case", case_id)], case["oa"], "its state")
        )
        fields = {name: case.get(name) for name in ("state", "ending", "day", "closed_day")}
        counts = {"pieces": await pieces.kinds(case_id), "media": await media.states(case_id)}
        return CaseState.model_validate(fields | counts | {"case_id": case_id, "oa_id": case["oa"]})

    return router
