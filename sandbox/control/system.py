"""Driving the platform itself: OAs, tokens, faults, clock, limits, and what was called."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from sandbox.faults import FaultPlan
from sandbox.people import Json
from sandbox.platform import Platform

After = Annotated[int, Query(ge=0, le=10**12)]
Limit = Annotated[int, Query(ge=1, le=10_000)]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class ClockBody(_Body):
    offset_seconds: float = Field(ge=-(10**9), le=10**9)


class Limits(_Body):
    """Calls per minute; 0: no limit."""

    app_per_minute: int = Field(0, ge=0, le=10**9)
    oa_per_minute: int = Field(0, ge=0, le=10**9)


def system(platform: Platform) -> APIRouter:
    """OAs and their tokens."""
    router = APIRouter(prefix="/sandbox", tags=["platform"])

    @router.get("/oas")
    async def oas() -> list[Json]:
        return [account.record.model_dump() for account in platform.network.accounts.values()]

    @router.post("/oas/{oa_id}/token")
    async def token(oa_id: str) -> Json:
        """A fresh pair without the consent page, as from Zalo's API Explorer. The OA's former pair is dead."""
        account = platform.network.account(oa_id)
        grant = platform.tokens.issue(account.record.app_id, oa_id)
        platform.save_tokens()
        return {"access_token": grant.access_token, "refresh_token": grant.refresh_token, "expires_in": "90000"}

    @router.delete("/oas/{oa_id}/token")
    async def revoke(oa_id: str) -> Json:
        """The OA's administrator withdraws the grant: -220 from now on."""
        platform.network.account(oa_id)
        return {"revoked": platform.tokens.revoke(oa_id)}

    return router


def knobs(platform: Platform) -> APIRouter:
    """Faults, clock, limits, and the record of calls."""
    router = APIRouter(prefix="/sandbox", tags=["platform"])

    @router.get("/faults")
    async def faults() -> FaultPlan:
        return platform.faults.plan

    @router.put("/faults")
    async def break_it(body: FaultPlan) -> FaultPlan:
        """Replaces the whole plan; what is left out is off. The draws begin anew from the seed."""
        platform.faults.use(body)
        if body.expire_tokens:
            platform.tokens.expire()
        return platform.faults.plan

    @router.get("/requests")
    async def requests(after: After = 0, limit: Limit = 1_000) -> list[Json]:
        """Calls that reached the fake Zalo, oldest first; go on with the last seq."""
        return [call.to_json() for call in platform.ledger.after(after, limit)]

    @router.get("/clock")
    async def clock() -> Json:
        return {"now_ms": platform.clock.now_ms(), "offset_seconds": platform.clock.offset_ms / 1000}

    @router.put("/clock")
    async def move_clock(body: ClockBody) -> Json:
        """The platform's time is the machine's plus this offset."""
        platform.clock.offset_ms = int(body.offset_seconds * 1000)
        return {"now_ms": platform.clock.now_ms(), "offset_seconds": body.offset_seconds}

    @router.put("/limits")
    async def limits(body: Limits) -> Limits:
        platform.rates.app_per_minute, platform.rates.oa_per_minute = body.app_per_minute, body.oa_per_minute
        return body

    return router
