"""The app's webhook page: switches, key, the ladder's end; and raw deliveries."""

import base64
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from sandbox.control.system import After, Limit
from sandbox.people import Json
from sandbox.platform import Platform
from sandbox.signing import mac

MAX_RAW = 5_000_000


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Raw(_Body):
    """Any bytes: `body` as text, or `body_base64`. `sign`: rightly, not at all, or wrongly."""

    body: str = Field("", max_length=MAX_RAW, repr=False)
    body_base64: str = Field("", max_length=MAX_RAW, repr=False)
    headers: dict[str, str] = Field(default_factory=dict, max_length=50)
    sign: bool | Literal["wrong"] = False


class EventToggles(_Body):
    """Event name -> on or off, for one OA or (null) for all."""

    oa_id: str | None = Field(None, max_length=40)
    events: dict[Annotated[str, Field(max_length=100)], bool] = Field(max_length=200)


class Secret(_Body):
    """The new OA Secret Key; the old one is dead at once. For one OA or (null) for all."""

    secret_key: str = Field(min_length=1, max_length=200, repr=False)
    oa_id: str | None = Field(None, max_length=40)


def webhooks(platform: Platform) -> APIRouter:
    """The app's webhook page: switches, key, the ladder's end; and raw deliveries."""
    router = APIRouter(prefix="/sandbox/webhooks", tags=["webhooks"])
    hooks = platform.webhooks

    @router.get("")
    async def attempts(after: After = 0, limit: Limit = 1_000) -> Json:
        """Every attempt, oldest first, and whether the webhook is disabled."""
        page = [attempt.to_json() for attempt in hooks.attempts if attempt.seq > after][:limit]
        state = {"disabled": hooks.toggles.disabled, "pending": hooks.pending(), "counts": dict(hooks.counts)}
        return {**state, "attempts": page}

    @router.put("/events")
    async def switch(body: EventToggles) -> Json:
        for name, on in body.events.items():
            hooks.toggles.switch(name, on, body.oa_id)
        return {
            "off": sorted(hooks.toggles.off),
            "off_for": {oa: sorted(off) for oa, off in hooks.toggles.off_for.items()},
        }

    @router.post("/enable")
    async def enable() -> Json:
        """After the ladder's last step nothing is sent until this call."""
        hooks.toggles.disabled = False
        return {"disabled": False}

    return router


def raw_deliveries(platform: Platform) -> APIRouter:
    """Raw bytes, and the key that signs."""
    router = APIRouter(prefix="/sandbox/webhooks", tags=["webhooks"])
    hooks = platform.webhooks

    @router.post("/raw")
    async def raw(body: Raw) -> Json:
        """Deliver any bytes at once, past queue and switches."""
        try:
            data = base64.b64decode(body.body_base64, validate=True) if body.body_base64 else body.body.encode()
        except ValueError:  # Broken base64, or a text with half a character.
            raise HTTPException(400, "body: not text, or body_base64: not base64") from None
        headers = {**_signature(platform, data, body.sign), **body.headers}
        if any(not _plain(part) for pair in headers.items() for part in pair):
            raise HTTPException(400, "headers: printable ASCII only")
        outcome = await hooks.sender.post(data, headers)
        return {"status": outcome.status, "elapsed_ms": outcome.elapsed_ms}

    @router.put("/secret")
    async def secret(body: Secret) -> Json:
        if body.oa_id is None:
            hooks.sender.secret_key = body.secret_key
        else:
            hooks.sender.secret_by_oa[body.oa_id] = body.secret_key
        return {"changed": True}

    return router


def _plain(words: str) -> bool:
    return words.isascii() and words.isprintable() and bool(words)


def _signature(platform: Platform, data: bytes, sign: bool | Literal["wrong"]) -> dict[str, str]:
    if not sign:
        return {}
    try:
        event = orjson.loads(data)
    except orjson.JSONDecodeError:
        event = {}
    event = event if isinstance(event, dict) else {}
    sender = platform.webhooks.sender
    oa_ids = (
        event.get("oa_id"),
        *(side.get("id") for side in map(event.get, ("recipient", "sender")) if isinstance(side, dict)),
    )
    keys = (sender.secret_by_oa[oa_id] for oa_id in oa_ids if isinstance(oa_id, str) and oa_id in sender.secret_by_oa)
    key = "wrong" if sign == "wrong" else next(keys, sender.secret_key)
    return {"X-ZEvent-Signature": mac(str(event.get("app_id", "")), data, str(event.get("timestamp", "")), key)}
