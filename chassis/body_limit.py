"""No request body is larger, or slower, than this, whoever sends it: FastAPI reads a body before it asks who is calling."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import HTTPException, status
from starlette.datastructures import Headers

MAX_BYTES = 17 * 1024 * 1024  # The largest body of any route, a chunk of an import, and some.
SECONDS = 60.0

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
            if not declared.isdigit() or int(declared) > self._max_bytes:
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
