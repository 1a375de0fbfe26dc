"""Small real HTTP servers of a test's own: a place that files lie at, and a province's system in every mood."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from loa.runtime.ports import free_port


@asynccontextmanager
async def listening(handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """`host:port` of a server that answers everything with `handler`."""
    server = web.Server(handler)
    runner = web.ServerRunner(server)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port, shutdown_timeout=0.1).start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await runner.cleanup()


@dataclass(slots=True)
class FileServer:
    """Files by path, as Zalo's CDN has them."""

    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    requested: list[str] = field(default_factory=list)
    slow: set[str] = field(default_factory=set)
    host: str = ""

    def put(self, name: str, data: bytes) -> str:
        self.files[f"/{name}"] = data
        return f"http://{self.host}/{name}"

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requested.append(request.path)
        if request.path in self.slow:
            await asyncio.sleep(10)
        if request.path in self.redirects:
            return web.Response(status=302, headers={"Location": self.redirects[request.path]})
        data = self.files.get(request.path)
        return web.Response(status=404) if data is None else web.Response(body=data, content_type="image/jpeg")


@dataclass(slots=True)
class FakeSystem:
    """A province's own system. `answers` by path; `mood` is good, slow, failing, garbage, huge, hanging, forbidden or moved."""

    answers: dict[str, Callable[[dict[str, Any]], Any]] = field(default_factory=dict)
    mood: str = "good"
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    seconds: float = 0.0
    authorization: str = ""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = json.loads(await request.read())
        self.requests.append((request.path, body))
        self.authorization = request.headers.get("Authorization", "")
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.seconds)
            return await self._answer(request.path, body)
        finally:
            self.at_once -= 1

    async def _answer(self, path: str, body: dict[str, Any]) -> web.StreamResponse:
        match self.mood:
            case "slow":
                await asyncio.sleep(5)
            case "failing":
                return web.Response(status=500, text="traceback: secret")
            case "forbidden":
                return web.Response(status=403)
            case "moved":
                return web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"})
            case "garbage":
                return web.Response(body=b"\xff{<html>")
            case "huge":
                return web.Response(body=b" " * 2_000_000 + json.dumps({}).encode())
            case _:
                pass
        payload = self.answers[path](body)
        return web.Response(status=404) if payload is None else web.json_response(payload)
