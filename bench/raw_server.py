"""The least that Python can do for a webhook: an ASGI application without a framework, on uvicorn, that reads the body."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop

from chassis.http import serve

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(serve(app, "127.0.0.1", int(os.environ["HTTP_PORT"])))
