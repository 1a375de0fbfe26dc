"""What citizens do: everything under /sandbox/citizens/{id} that raises an event."""

from typing import Any, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from sandbox.citizen_actions import ActionResult
from sandbox.people import Json
from sandbox.platform import Platform
from sandbox.uploads_in import Sending


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


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


def result_json(result: ActionResult) -> Json:
    webhook = {"status": result.outcome.status, "elapsed_ms": result.outcome.elapsed_ms}
    return {"msg_id": result.message_id, "webhook": webhook, **({"opens": result.opens} if result.opens else {})}


def citizen_actions(platform: Platform) -> APIRouter:
    """What citizens do. Each answers {msg_id, webhook: {status, elapsed_ms}}: the gateway's first answer."""
    router = APIRouter(prefix="/sandbox/citizens/{citizen_id}", tags=["citizens"])
    actions = platform.citizen_actions

    @router.post("/send")
    async def send(citizen_id: str, body: Sending) -> Json:
        try:
            return result_json(await actions.send(citizen_id, body))
        except ValueError as lacking:
            raise HTTPException(400, str(lacking)) from None

    @router.post("/tap")
    async def tap(citizen_id: str, body: Tap) -> Json:
        return result_json(await actions.tap(citizen_id, body.oa_id, body.message_id, body.button))

    @router.post("/follow")
    async def follow(citizen_id: str, body: WithOa) -> Json:
        return result_json(await actions.follow(citizen_id, body.oa_id, body.source))

    @router.post("/unfollow")
    async def unfollow(citizen_id: str, body: WithOa) -> Json:
        return result_json(await actions.follow(citizen_id, body.oa_id, body.source, on=False))

    @router.post("/see")
    async def see(citizen_id: str, body: WithOa) -> Json:
        return {"seen": actions.see(citizen_id, body.oa_id)}

    return router


def more_actions(platform: Platform) -> APIRouter:
    """The deeds beside writing and following."""
    router = APIRouter(prefix="/sandbox/citizens/{citizen_id}", tags=["citizens"])
    actions = platform.citizen_actions

    @router.post("/react")
    async def react(citizen_id: str, body: Reaction) -> Json:
        return result_json(await actions.react(citizen_id, body.oa_id, body.message_id, body.icon))

    @router.post("/withdraw")
    async def withdraw(citizen_id: str, body: WithOa) -> Json:
        return result_json(await actions.withdraw(citizen_id, body.oa_id))

    @router.post("/call")
    async def call(citizen_id: str, body: CallOa) -> Json:
        return result_json(await actions.call(citizen_id, body.oa_id, body.model_dump(exclude={"oa_id"})))

    @router.post("/chatnow")
    async def chat_now(citizen_id: str, body: WithOa) -> Json:
        return result_json(await actions.chat_now(citizen_id, body.oa_id))

    @router.post("/submit-info")
    async def submit_info(citizen_id: str, body: Info) -> Json:
        info = body.model_dump(exclude={"oa_id", "old_shape"}) if body.old_shape is None else body.old_shape
        return result_json(await actions.submit_info(citizen_id, body.oa_id, info))

    return router
