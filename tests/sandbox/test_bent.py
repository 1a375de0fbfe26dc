"""Requests that are almost right: one member at a time bent out of shape, at every address of Zalo's."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from sandbox.app import build
from sandbox.calls import Call
from sandbox.endpoints import Endpoint
from sandbox.fast_router import FastRouter
from sandbox.faults import CALM
from tests.sandbox.test_consult import TAKEN
from tests.zalo import PHONE, SandboxHarness

WEIRD: tuple[Any, ...] = (
    None,
    "",
    "a" * 3_000,
    0,
    -1,
    10**30,
    1.5,
    True,
    [],
    [None],
    {},
    {"": None},
    "\u0000",
    "🙂" * 40,
    "1",
    "٣",
)


def bent(value: Any) -> Iterator[Any]:
    """Copies of `value` in which one member, at any depth, is something it should not be, or is not there."""
    yield from WEIRD
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {name: each for name, each in value.items() if name != key}
            yield from ({**value, key: other} for other in bent(inner))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from ([*value[:index], other, *value[index + 1 :]] for other in bent(inner))


def real(value: Any, play: SandboxHarness) -> Any:
    """The example with this stage's citizen in the place of the made-up one."""
    text = json.dumps(value, ensure_ascii=False)
    return json.loads(text.replace("1234567890123456789", play.user_id).replace("84900000000", PHONE))


async def test_every_bent_request_gets_an_answer_in_zalos_shape(play: SandboxHarness) -> None:
    fast_router = build(play.platform)
    count = 0
    for endpoint in fast_router.table.values():
        if endpoint.shape not in ("json", "data", "query") or endpoint.example is None:
            continue
        for body in bent(real(endpoint.example, play)):
            count += 1
            reply = reply_to(play, fast_router, endpoint, body)
            assert isinstance(reply["error"], int), endpoint.path
            assert isinstance(reply["message"], str), endpoint.path
    assert count > 3_500


async def test_every_bent_message_gets_an_answer_in_zalos_shape(play: SandboxHarness) -> None:
    fast_router = build(play.platform)
    endpoint = fast_router.table["POST", "/v3.0/oa/message/cs"]
    refused = 0
    for message in TAKEN.values():
        for altered in bent(message):
            reply = reply_to(play, fast_router, endpoint, {"recipient": {"user_id": play.user_id}, "message": altered})
            assert isinstance(reply["message"], str)
            refused += reply["error"] < 0
    assert refused > 800


@pytest.mark.parametrize("header", ["access_token", "appsecret_proof", "secret_key", "content-type"])
async def test_a_header_may_hold_any_bytes(play: SandboxHarness, header: str) -> None:
    headers = {"access_token": play.token, header: "é\xff"}
    for path in ("/v3.0/oa/message/cs", "/v4/oa/access_token", "/v2.0/oa/upload/image", "/message/template"):
        encoded = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        answer = await play.client.post(path, content=b"x=1", headers=encoded)
        assert answer.status_code in (200, 404)
        assert answer.json()["error"] != 0


def reply_to(play: SandboxHarness, fast_router: FastRouter, endpoint: Endpoint, body: Any) -> dict[str, Any]:
    data = json.dumps(body).encode()
    as_query = {str(key): str(value) for key, value in body.items()} if isinstance(body, dict) else {"data": str(body)}
    params = {"data": data.decode()} if endpoint.shape == "data" else as_query
    query = b"" if endpoint.shape == "json" else urlencode(params).encode()
    call = Call(endpoint.method, endpoint.path, query, data, {b"access_token": play.token.encode()}, endpoint.family)
    status, _, reply = fast_router.reply(endpoint, call, CALM)
    assert status == 200
    orjson.dumps(reply)
    return dict(reply)
