"""Which OAs may send, and the link by which the administrator of one lets us. No token is shown."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from chassis.auth import RESPONSES, Actor, Auth
from contracts.scopes import Scope
from services.notify.consent import OAuthConsent
from services.notify.store.tokens import TokenStore


class Authorisation(BaseModel):
    oa_id: str
    state: str
    expires_ms: int


class AuthorisationLink(BaseModel):
    url: str = Field(description="For the OA's administrator alone: whoever opens it first uses it up.")
    expires_at: datetime


def router(tokens: TokenStore, consent: OAuthConsent, auth: Auth) -> APIRouter:
    api = APIRouter(prefix="/api/authorisations", tags=["tokens"], responses=RESPONSES)

    @api.get("")
    async def authorisations(
        actor: Annotated[Actor, auth.require(Scope.AUTHORISATIONS_READ)],
    ) -> list[Authorisation]:
        """Which OAs may send, and which an administrator must authorise again."""
        return [
            Authorisation(oa_id=oa_id, state=state, expires_ms=expires)
            for oa_id, state, expires in await tokens.states()
            if actor.serves(oa_id)
        ]

    @api.post("/{oa_id}/link", status_code=201)
    async def link(
        oa_id: Annotated[str, Path(pattern=r"^[0-9]{1,19}$")],
        actor: Annotated[Actor, auth.require(Scope.AUTHORISATIONS_WRITE)],
    ) -> AuthorisationLink:
        """A link for this OA, good once within a day. That it was made is on the audit trail."""
        url, expires_at = await consent.invite(oa_id, actor)
        return AuthorisationLink(url=url, expires_at=expires_at)

    return api
