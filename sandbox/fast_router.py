"""The fast lane: Zalo's own addresses are answered straight from ASGI; everything else goes on to FastAPI."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson

from sandbox.calls import Call
from sandbox.endpoints import Endpoint, Table
from sandbox.errors import ZaloError
from sandbox.faults import CALM, CallFaults, Storm
from sandbox.people import Json
from sandbox.platform import Platform
from sandbox.tokens import OAuthError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

JSON_TYPE = (b"content-type", b"application/json;charset=utf-8")
FASTAPI_TOO = {"/v4/oa/permission"}  # A page for people, answered by FastAPI.
EMPTY_API = {"error": 404, "message": "Empty api"}
OK, NOT_FOUND, TOO_LARGE, TOO_MANY = 200, 404, 413, 429
API_ROOTS = (
    "/v2.0/", "/v3.0/", "/v4/", "/message/", "/template/", "/rsa/", "/upload/", "/rating/", "/response/", "/journey/", "/quality",
)  # fmt: skip


class OtherReplyError(Exception):
    """A reply outside the usual envelope, with its own HTTP status."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


class TooLargeError(Exception):
    """The body is beyond what this address reads."""


class FastRouter:
    """An ASGI application in front of another."""

    def __init__(self, platform: Platform, table: Table, onward: Asgi) -> None:
        self.platform = platform
        self.table = table
        self.onward = onward
        self.paths = {path for _, path in table}
        self.business = {endpoint.path for endpoint in table.values() if endpoint.family == "zns"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.onward(scope, receive, send)
        path = scope["path"]
        endpoint = self.table.get((scope["method"], path))
        if endpoint is not None:
            return await self._serve(endpoint, scope, receive, send)
        if path not in FASTAPI_TOO and (path in self.paths or path.startswith(API_ROOTS)):
            return await self._nowhere(path, send)
        return await self.onward(scope, receive, send)

    async def _nowhere(self, path: str, send: Send) -> None:
        """A wrong method or path: -106 on the business host, "empty api" elsewhere."""
        if path in self.business:
            wrong = _failed(ZaloError(-106, family="zns"))
            return await _answer(send, OK, (JSON_TYPE,), orjson.dumps(wrong))
        return await _answer(send, NOT_FOUND, (JSON_TYPE,), orjson.dumps(EMPTY_API))

    async def _serve(self, endpoint: Endpoint, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _body(receive, endpoint.max_bytes)
        except TooLargeError:
            return await _answer(send, OK, (JSON_TYPE,), orjson.dumps(_failed(ZaloError(-210, "body"))))
        status, headers, reply = await self.answer(endpoint, scope, body)
        return await _answer(send, status, headers, reply)

    async def answer(self, endpoint: Endpoint, scope: Scope, body: bytes) -> tuple[int, Headers, bytes]:
        """One call from body to reply, with the faults that strike it: HTTP status, headers, bytes."""
        call = Call(
            endpoint.method, endpoint.path, scope["query_string"], body, dict(scope["headers"]), endpoint.family
        )
        platform = self.platform
        faults = CALM if platform.faults.calm else platform.faults.for_call(endpoint.path)
        if faults.latency_seconds:
            await asyncio.sleep(faults.latency_seconds)
        status, headers, reply = self.reply(endpoint, call, faults)
        error = reply.get("error", 0) if isinstance(reply, dict) else 0
        platform.ledger.note(call, platform.clock.now_ms(), error, status)
        if faults.hang_seconds:
            await asyncio.sleep(faults.hang_seconds)
        return status, headers, orjson.dumps(reply)

    def reply(self, endpoint: Endpoint, call: Call, faults: CallFaults) -> tuple[int, Headers, Any]:
        """Everything about one call but the waiting: HTTP status, headers and the reply to serialise."""
        headers: Headers = (JSON_TYPE,)
        try:
            if faults.too_many is not None:
                _storm(faults.too_many)
            if not endpoint.open:
                headers += self._admit(call, faults)
            _raise_fault(faults.code, endpoint)
            data = endpoint.handler(self.platform, call)
        except ZaloError as error:
            return OK, headers, _failed(error)
        except OAuthError as error:
            return OK, headers, _refused(error)
        except OtherReplyError as reply:
            more = ((b"retry-after", str(reply.body.pop("retry_after")).encode()),) if reply.status == TOO_MANY else ()
            return reply.status, headers + more, reply.body
        if endpoint.raw:
            return OK, headers, data
        if data is None:
            return OK, headers, {"error": 0, "message": "Success"}
        return OK, headers, {"data": data, "error": 0, "message": "Success"}

    def _admit(self, call: Call, faults: CallFaults) -> Headers:
        """Token, app, OA and rate, in this order. Return the rate headers."""
        platform, zns = self.platform, call.family == "zns"
        token = call.header(b"access_token")
        try:
            grant = platform.tokens.holder(token)
            if faults.token_expired:
                raise ZaloError(-216, "access token has expired")  # noqa: TRY301  One place turns it into -124.
        except ZaloError as error:
            raise ZaloError(-124, family="zns") if zns else error from None
        platform.apps.check(grant.app_id, token, call.header(b"appsecret_proof"), call.family)
        call.oa = platform.network.accounts.get(grant.oa_id)
        if call.oa is None:
            raise ZaloError(-205)
        call.oa.admit(call.path, call.family)
        limit, remain, passes = platform.rates.count_call(grant.app_id, grant.oa_id, platform.clock.now_ms())
        if not passes:
            raise ZaloError(-32)
        return (b"x-ratelimit-limit", str(limit).encode()), (b"x-ratelimit-remain", str(remain).encode())


def _raise_fault(code: int, endpoint: Endpoint) -> None:
    if code:
        raise ZaloError(code, family=endpoint.family)


def _storm(storm: Storm) -> None:
    if storm.kind == "429":
        raise OtherReplyError(
            TOO_MANY, {"error": -32, "message": "Too many requests", "retry_after": storm.retry_after}
        )
    raise ZaloError(-32)


def _failed(error: ZaloError) -> Json:
    return {"error": error.code, "message": error.words()}


def _refused(error: OAuthError) -> Json:
    return {
        "error": error.code,
        "error_name": error.name,
        "error_reason": error.reason,
        "error_description": error.reason,
        "ref_doc": "https://developers.zalo.me/docs/api/official-account-api/phu-luc/ma-loi",
    }


async def _body(receive: Receive, most: int) -> bytes:
    """Raise TooLargeError as soon as more than `most` bytes have come; the rest is read and thrown away."""
    chunks: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        chunk = event.get("body", b"")
        size += len(chunk)
        if size <= most:
            chunks.append(chunk)
        if not event.get("more_body", False):
            break
    if size > most:
        raise TooLargeError
    return b"".join(chunks)


async def _answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
