"""Bounded request bodies. FastAPI reads a body before it asks who is calling, so the outermost bound holds for everybody.

The webhook alone reads for itself (gateway/webhook.py): it has to drain what is too large, so that Zalo gets its 200.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import HTTPException, Request, status
from fastapi.datastructures import Headers

MAX_BYTES = 17 * 1024 * 1024  # The largest body of any route, a chunk of an import, and some.
SECONDS = 60.0
_LENGTH_DIGITS = 12

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]


class BodyLimit:
    """An ASGI middleware. Routes that expect less refuse more, once they know who sends it."""

    def __init__(self, app: Any, max_bytes: int = MAX_BYTES, seconds: float = SECONDS) -> None:
        self._app, self._max_bytes, self._seconds = app, max_bytes, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Any) -> None:
        if scope["type"] == "http":
            receive = self._bounded(receive, Headers(scope=scope).get("content-length", "0"))
        await self._app(scope, receive, send)

    def _bounded(self, receive: Receive, declared: str) -> Receive:
        """Raises HTTPException where the application reads, so that it is answered like any other."""
        deadline = asyncio.get_running_loop().time() + self._seconds
        received, is_complete = 0, False

        async def bounded() -> Scope:
            nonlocal received, is_complete
            if is_complete:  # What comes now is that the caller has gone.
                return await receive()
            length = content_length(declared)
            if length is None or length > self._max_bytes:
                raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE)
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(status.HTTP_408_REQUEST_TIMEOUT) from None
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE)
            is_complete = not message.get("more_body", False)
            return message

        return bounded


def content_length(header: str) -> int | None:
    """Returns the bytes that a Content-Length states, None for what is no length: `isdigit` alone is true of `²`."""
    is_length = header.isascii() and header.isdigit() and len(header) <= _LENGTH_DIGITS
    return int(header) if is_length else None


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Returns the whole body. Raises HTTPException 413 as soon as it is larger than a route takes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE)
    return bytes(body)
