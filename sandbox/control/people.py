"""Playing the citizens: everything under /sandbox/citizens."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from sandbox.people import Json
from sandbox.platform import Platform

MAX_WAIT = 60.0


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class NewCitizen(_Body):
    name: str = Field(min_length=1, max_length=100, repr=False)
    phone: str = Field("", max_length=20, repr=False)
    reads: bool | None = Field(None, description="Sees messages at once; null: as the sandbox's setting says.")


class CitizenState(_Body):
    """What is left out stays as it is."""

    reads: bool | None = None
    mobile: bool | None = None
    banned: bool | None = None
    unreachable: bool | None = None
    refuses: frozenset[str] | None = None
    blocks_invites: bool | None = None
    has_zalo: bool | None = None
    old_app: bool | None = None
    administrator: bool | None = None


def people(platform: Platform) -> APIRouter:
    """Citizens themselves: made, listed, changed."""
    router = APIRouter(prefix="/sandbox", tags=["citizens"])
    network = platform.network

    @router.post("/citizens")
    async def create(body: NewCitizen) -> Json:
        return {"citizen_id": network.new_citizen(body.name, body.phone, reads=body.reads).citizen_id}

    @router.get("/citizens")
    async def listed(
        after: Annotated[int, Query(ge=0, le=10**12)] = 0, limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000
    ) -> Json:
        some = list(network.citizens.values())[after : after + limit]
        return {
            "total": len(network.citizens),
            "citizens": [{"citizen_id": c.citizen_id, "name": c.name} for c in some],
        }

    @router.get("/citizens/{citizen_id}")
    async def get_citizen(citizen_id: str, oa_id: Annotated[str | None, Query(max_length=40)] = None) -> Json:
        """With the user id by which each OA (or the one asked for) knows this citizen, met or not yet met."""
        citizen = network.citizen(citizen_id)
        oa_ids = list(network.accounts) if oa_id is None else [oa_id]
        user_ids = {each: network.contact(citizen_id, each).user_id for each in oa_ids}
        return {
            "citizen_id": citizen_id,
            "name": citizen.name,
            "user_ids": user_ids,
            "follows": network.followed(citizen_id),
        }

    @router.put("/citizens/{citizen_id}/state")
    async def state(citizen_id: str, body: CitizenState) -> Json:
        citizen = network.citizen(citizen_id)
        for name, value in body.model_dump(exclude_none=True).items():
            setattr(citizen, name, value)
        return {"citizen_id": citizen_id}

    return router


def inboxes(platform: Platform) -> APIRouter:
    """What citizens received, and whole conversations."""
    router = APIRouter(prefix="/sandbox", tags=["citizens"])
    network = platform.network

    @router.get("/citizens/{citizen_id}/inbox")
    async def inbox(
        citizen_id: str,
        oa_id: Annotated[str | None, Query(max_length=40)] = None,
        after: Annotated[int, Query(ge=0, le=10**12)] = 0,
        wait: Annotated[float, Query(ge=0, le=MAX_WAIT)] = 0.0,
    ) -> list[Json]:
        """Messages from OAs with a seq above `after`; waits up to `wait` seconds for the first."""
        network.citizen(citizen_id)
        return [message.to_json() for message in await network.inboxes.wait(citizen_id, oa_id, after, wait)]

    @router.get("/citizens/{citizen_id}/history")
    async def history(citizen_id: str, oa_id: Annotated[str, Query(max_length=40)]) -> list[Json]:
        return [message.to_json() for message in network.history(citizen_id, oa_id)]

    return router
