"""For benches: citizens by the thousand, and every answer in one list."""

import asyncio
from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from sandbox.accounts import Account, OaRecord
from sandbox.people import Draft, Json
from sandbox.platform import Platform

MOST = 100_000
BREATH = 200


class Bulk(BaseModel):
    """`oa_id`: with whom each new citizen is at once in contact, as if they had just written."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    citizens: int = Field(ge=1, le=MOST)
    oa_id: str | None = Field(None, max_length=40)
    follow: bool = False
    reads: bool | None = None
    name: str = Field("Công dân thử", max_length=80)


class BulkMessage(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    citizen_id: str = Field(max_length=40)
    oa_id: str = Field(max_length=40)
    text: str = Field(min_length=1, max_length=10_000, repr=False)


class BulkSend(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    messages: list[BulkMessage] = Field(min_length=1, max_length=MOST)


def bulk(platform: Platform) -> APIRouter:
    router = APIRouter(prefix="/sandbox/bulk", tags=["bulk"])
    network = platform.network

    @router.post("")
    async def create(body: Bulk) -> Response:
        """{citizens: [{citizen_id, user_id}]}; user_id only where an OA was named."""
        return _json({"citizens": _make(platform, body)})

    @router.post("/send")
    async def send(body: BulkSend) -> Json:
        """Queue many text messages at once, in order; does not wait for the gateway."""
        ids = []
        for index, message in enumerate(body.messages):
            if index % BREATH == 0:
                await asyncio.sleep(0)  # Let other tasks run: a long list does not hold them up.
            contact = network.contact(message.citizen_id, message.oa_id)
            result = await platform.citizen_actions.write(contact, Draft("text", message.text), wanted=False)
            ids.append(result.message_id)
        return {"msg_ids": ids}

    @router.post("/oas")
    async def more_oas(body: list[OaRecord]) -> Json:
        """Further OAs, known from now on; one that exists keeps its state."""
        for record in body:
            network.accounts.setdefault(record.oa_id, Account(record))
        return {"oas": len(network.accounts)}

    @router.get("/answers")
    async def answers(
        after: Annotated[int, Query(ge=0, le=10**12)] = 0, limit: Annotated[int, Query(ge=1, le=MOST)] = 10_000
    ) -> Response:
        """Rows {citizen, oa, text, message_id, at_ms, seq} of what OAs sent, in order; go on with the last seq."""
        rows = [
            {
                "citizen": m.citizen_id,
                "oa": m.oa_id,
                "text": m.text,
                "message_id": m.message_id,
                "at_ms": m.at_ms,
                "seq": m.seq,
            }
            for m in network.inboxes.answered(after, limit)
        ]
        return _json(rows)

    return router


def _make(platform: Platform, body: Bulk) -> list[Json]:
    """The new citizens; with an OA named, as if each had just written to it."""
    made: list[Json] = []
    network, now = platform.network, platform.clock.now_ms()
    for index in range(body.citizens):
        citizen = network.new_citizen(f"{body.name} {index + 1}", reads=body.reads)
        entry: Json = {"citizen_id": citizen.citizen_id}
        if body.oa_id is not None:
            contact = network.contact(citizen.citizen_id, body.oa_id)
            contact.last_interaction_ms, contact.follows = now, body.follow
            entry["user_id"] = contact.user_id
        made.append(entry)
    return made


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")
