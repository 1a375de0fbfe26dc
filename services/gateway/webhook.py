"""`/webhooks/zalo` as a plain ASGI application: on this route every microsecond is paid once per message of a province."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import structlog

from services.gateway.decide import Outcome
from services.gateway.fast_metrics import WEBHOOK_METRICS
from services.gateway.ingest import Ingest
from services.gateway.quarantine import Delivery
from services.gateway.zalo.catalogue import UNKNOWN
from services.gateway.zalo.signature import HEADER

log = structlog.get_logger()

PATH = "/webhooks/zalo"
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def is_webhook(path: str) -> bool:
    """Whether a path is the webhook's, typed with a slash or a capital too many."""
    return path == PATH or "/".join(filter(None, path.lower().split("/"))) == PATH[1:]


_DRAINED_MOST = 4 * 1024 * 1024  # Read and dropped, so that the sender gets our 200; no platform sends more.


def _answer(status: int, *headers: tuple[bytes, bytes]) -> tuple[Message, Message]:
    start = {"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0"), *headers]}
    return start, {"type": "http.response.body", "body": b""}


_OK = _answer(200)
_LATER = _answer(503, (b"retry-after", b"5"))
_TOO_SLOW = _answer(408, (b"connection", b"close"))
_TOO_LARGE = _answer(413, (b"connection", b"close"))
_METHOD = _answer(405, (b"allow", b"GET, HEAD, POST"))

# All that Zalo may have sent is answered 200, whatever became of it; the answer never says what was expected.
_ANSWERS = {Outcome.SHED: _LATER, Outcome.UNAVAILABLE: _LATER, Outcome.TOO_SLOW: _TOO_SLOW, Outcome.METHOD: _METHOD}


class _DisconnectedError(Exception):
    """The sender hung up before its body was whole."""


@dataclass(slots=True)
class Webhook:
    ingest: Ingest
    body_limit: int
    body_seconds: float

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        event_name, start, body = UNKNOWN, *_OK
        try:
            outcome, event_name, answer = await self._handle(scope, receive)
            start, body = answer
        except _DisconnectedError:
            return
        await send(start)
        await send(body)
        WEBHOOK_METRICS.count(event_name, outcome, time.perf_counter() - started)

    async def _handle(self, scope: Message, receive: Receive) -> tuple[Outcome, str, tuple[Message, Message]]:
        method = scope["method"]
        if method != "POST":
            is_probe = method in ("GET", "HEAD")  # Some of Zalo's checks only look whether somebody is there.
            outcome = Outcome.PROBE if is_probe else Outcome.METHOD
            return outcome, UNKNOWN, _ANSWERS.get(outcome, _OK)
        message = await receive()
        raw = message.get("body", b"")
        if message.get("more_body") or len(raw) > self.body_limit or message["type"] != "http.request":
            try:
                async with asyncio.timeout(self.body_seconds):
                    raw, length = await self._read_body(message, receive)
            except TimeoutError:
                return Outcome.TOO_SLOW, UNKNOWN, _TOO_SLOW
            if length > self.body_limit:
                return Outcome.TOO_LARGE, UNKNOWN, _OK if length <= _DRAINED_MOST else _TOO_LARGE
        try:
            verdict = await self.ingest.handle(Delivery(raw, _signature(scope["headers"])))
        except Exception as fault:  # A bug of ours must cost one event a retry, and no more.
            log.error("intake_failed", exc_info=fault)  # noqa: TRY400 — the type and the place only; a text could quote.
            return Outcome.UNAVAILABLE, UNKNOWN, _LATER
        return verdict.outcome, verdict.event_name, _ANSWERS.get(verdict.outcome, _OK)

    async def _read_body(self, message: Message, receive: Receive) -> tuple[bytes, int]:
        """The whole body, or of a body that is too large its length alone."""
        pieces, length = [], 0
        while True:
            if message["type"] != "http.request":
                raise _DisconnectedError
            piece = message.get("body", b"")
            length += len(piece)
            if length <= self.body_limit:
                pieces.append(piece)
            if not message.get("more_body") or length > _DRAINED_MOST:
                return b"".join(pieces), length
            message = await receive()


def _signature(headers: list[tuple[bytes, bytes]]) -> bytes | None:
    for name, value in headers:
        if name == HEADER:
            return value
    return None
