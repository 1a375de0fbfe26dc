"""What officers' programs may ask about a case: its state and counts, never a word of it."""

import hmac
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, status
from fastapi import Path as InPath
from pydantic import BaseModel

from services.tips.store import Cases, Media, Pieces

_CASE = r"^[0-9a-f]{32}$"


class CaseState(BaseModel):
    case_id: str
    oa_id: str
    state: str
    ending: str | None = None
    opened_at: datetime
    last_at: datetime
    closed_at: datetime | None = None
    pieces: dict[str, int]  # By kind.
    media: dict[str, int]  # By state: to_fetch, kept, refused, lost.


def read_token(path: Path) -> bytes:
    """Raises ValueError that names the remedy."""
    token = path.read_text().strip() if path.exists() else ""
    if not token:
        raise ValueError(f"there is no token for the API: write a long random one to {path}")
    return token.encode()


def case_api(cases: Cases, pieces: Pieces, media: Media, token: bytes) -> APIRouter:
    """`Authorization: Bearer <token>`, or 401."""
    router = APIRouter(prefix="/api", tags=["cases"])

    @router.get("/cases/{case_id}", responses={401: {}, 404: {}})
    async def look(
        case_id: Annotated[str, InPath(pattern=_CASE)], authorization: Annotated[str, Header()] = ""
    ) -> CaseState:
        """State and counts of one case."""
        if not hmac.compare_digest(authorization.encode(), b"Bearer " + token):
            raise HTTPException(status.HTTP_401_UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
        case = await cases.look(case_id)
        if case is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        told = {name: case.get(name) for name in ("state", "ending", "opened_at", "last_at", "closed_at")}
        counts = {"pieces": await pieces.kinds(case_id), "media": await media.states(case_id)}
        return CaseState.model_validate(told | counts | {"case_id": case_id, "oa_id": case["oa"]})

    return router
