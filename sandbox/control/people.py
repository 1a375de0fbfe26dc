"""Playing the citizens: everything under /sandbox/citizens."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from sandbox.deeds import Done
from sandbox.parcels import Sending
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


class WithOa(_Body):
    oa_id: str = Field(max_length=40)
    source: str = Field("oa_profile", max_length=40)


class Tap(_Body):
    oa_id: str = Field(max_length=40)
    message_id: str = Field(max_length=64)
    button: int | str = Field(description="Its place, from 0, or its title.")


class Reaction(_Body):
    oa_id: str = Field(max_length=40)
    message_id: str = Field(max_length=64)
    icon: str = Field("/-strong", max_length=20)


class CallOa(_Body):
    """A finished call; times in the units that Zalo's event uses (ms, but waiting_time in s)."""

    oa_id: str = Field(max_length=40)
    call_type: Literal["AUDIO", "VIDEO"] = "AUDIO"
    waiting_time: int = Field(5, ge=0, le=600)
    talk_time: int = Field(60_000, ge=0, le=14_400_000)
    status_code: int = Field(0, ge=-100, le=100)


class Info(_Body):
    oa_id: str = Field(max_length=40)
    name: str = Field("", max_length=100, repr=False)
    phone: str = Field("", max_length=20, repr=False)
    user_dob: str = Field("", max_length=10, repr=False)
    gender: str = Field("", max_length=20, repr=False)
    full_address: dict[str, str] = Field(default_factory=dict, repr=False)
    old_shape: dict[str, Any] | None = Field(None, repr=False, description="Sent as `info` instead, as it is.")


def told(done: Done) -> Json:
    webhook = {"status": done.outcome.status, "elapsed_ms": done.outcome.elapsed_ms}
    return {"msg_id": done.message_id, "webhook": webhook, **({"opens": done.opens} if done.opens else {})}


def people(platform: Platform) -> APIRouter:
    """Citizens themselves: made, listed, changed."""
    router = APIRouter(prefix="/sandbox", tags=["citizens"])
    world = platform.world

    @router.post("/citizens")
    async def create(body: NewCitizen) -> Json:
        return {"citizen_id": world.new_citizen(body.name, body.phone, reads=body.reads).citizen_id}

    @router.get("/citizens")
    async def listed(
        after: Annotated[int, Query(ge=0, le=10**12)] = 0, limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000
    ) -> Json:
        some = list(world.citizens.values())[after : after + limit]
        return {"total": len(world.citizens), "citizens": [{"citizen_id": c.citizen_id, "name": c.name} for c in some]}

    @router.get("/citizens/{citizen_id}")
    async def one(citizen_id: str, oa_id: Annotated[str | None, Query(max_length=40)] = None) -> Json:
        """With the user id by which each OA (or the one asked for) knows this citizen, met or not yet met."""
        citizen = world.citizen(citizen_id)
        oa_ids = list(world.accounts) if oa_id is None else [oa_id]
        user_ids = {each: world.contact(citizen_id, each).user_id for each in oa_ids}
        return {
            "citizen_id": citizen_id,
            "name": citizen.name,
            "user_ids": user_ids,
            "follows": world.followed(citizen_id),
        }

    @router.put("/citizens/{citizen_id}/state")
    async def state(citizen_id: str, body: CitizenState) -> Json:
        citizen = world.citizen(citizen_id)
        for name, value in body.model_dump(exclude_none=True).items():
            setattr(citizen, name, value)
        return {"citizen_id": citizen_id}

    return router


def letters(platform: Platform) -> APIRouter:
    """What citizens received, and whole conversations."""
    router = APIRouter(prefix="/sandbox", tags=["citizens"])
    world = platform.world

    @router.get("/citizens/{citizen_id}/inbox")
    async def inbox(
        citizen_id: str,
        oa_id: Annotated[str | None, Query(max_length=40)] = None,
        after: Annotated[int, Query(ge=0, le=10**12)] = 0,
        wait: Annotated[float, Query(ge=0, le=MAX_WAIT)] = 0.0,
    ) -> list[Json]:
        """Messages from OAs with a seq above `after`; waits up to `wait` seconds for the first."""
        world.citizen(citizen_id)
        return [message.shown() for message in await world.post.wait(citizen_id, oa_id, after, wait)]

    @router.get("/citizens/{citizen_id}/history")
    async def history(citizen_id: str, oa_id: Annotated[str, Query(max_length=40)]) -> list[Json]:
        return [message.shown() for message in world.history(citizen_id, oa_id)]

    return router


def deeds(platform: Platform) -> APIRouter:
    """What citizens do. Each answers {msg_id, webhook: {status, elapsed_ms}}: what the gateway said first."""
    router = APIRouter(prefix="/sandbox/citizens/{citizen_id}", tags=["citizens"])
    does = platform.deeds

    @router.post("/send")
    async def send(citizen_id: str, body: Sending) -> Json:
        try:
            return told(await does.send(citizen_id, body))
        except ValueError as lacking:
            raise HTTPException(400, str(lacking)) from None

    @router.post("/tap")
    async def tap(citizen_id: str, body: Tap) -> Json:
        return told(await does.tap(citizen_id, body.oa_id, body.message_id, body.button))

    @router.post("/follow")
    async def follow(citizen_id: str, body: WithOa) -> Json:
        return told(await does.follow(citizen_id, body.oa_id, body.source))

    @router.post("/unfollow")
    async def unfollow(citizen_id: str, body: WithOa) -> Json:
        return told(await does.follow(citizen_id, body.oa_id, body.source, on=False))

    @router.post("/see")
    async def see(citizen_id: str, body: WithOa) -> Json:
        return {"seen": does.see(citizen_id, body.oa_id)}

    return router


def further(platform: Platform) -> APIRouter:
    """The deeds beside writing and following."""
    router = APIRouter(prefix="/sandbox/citizens/{citizen_id}", tags=["citizens"])
    does = platform.deeds

    @router.post("/react")
    async def react(citizen_id: str, body: Reaction) -> Json:
        return told(await does.react(citizen_id, body.oa_id, body.message_id, body.icon))

    @router.post("/withdraw")
    async def withdraw(citizen_id: str, body: WithOa) -> Json:
        return told(await does.withdraw(citizen_id, body.oa_id))

    @router.post("/call")
    async def call(citizen_id: str, body: CallOa) -> Json:
        return told(await does.call(citizen_id, body.oa_id, body.model_dump(exclude={"oa_id"})))

    @router.post("/submit-info")
    async def submit_info(citizen_id: str, body: Info) -> Json:
        info = body.model_dump(exclude={"oa_id", "old_shape"}) if body.old_shape is None else body.old_shape
        return told(await does.submit_info(citizen_id, body.oa_id, info))

    return router
