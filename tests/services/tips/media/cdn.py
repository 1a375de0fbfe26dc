"""A server of files, with every vice of a real one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

MEGABYTE = 1 << 20
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10_000  # Two and a half chunks.


@dataclass(slots=True)
class Cdn:
    port: int = 0
    requested: list[str] = field(default_factory=list)
    was_requested: asyncio.Event = field(default_factory=asyncio.Event)
    failures: int = 0  # So many answers are 503.
    hold: asyncio.Event | None = None  # Answers wait for it.

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requested.append(request.path_qs)
        self.was_requested.set()
        if self.hold is not None:
            await self.hold.wait()
        if self.failures:
            self.failures -= 1
            return web.Response(status=503)
        vice = _VICES.get(request.path.split("/")[1])
        return await vice(request) if vice else web.Response(body=PNG, content_type="text/plain")


def _always(status: int, body: bytes = b"", **headers: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, headers=headers)

    return answer


async def _onward(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(request.path.removeprefix("/to"))


async def _silent(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


async def _short(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(len(PNG))})
    await response.prepare(request)
    await response.write(PNG[:1_000])
    assert request.transport is not None
    request.transport.close()
    return response


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(PNG)


async def _film(request: web.Request) -> web.StreamResponse:
    """As many megabytes as the path says, one by one."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(MP4 + bytes(MEGABYTE - len(MP4)))
    for _ in range(int(request.path.rpartition("/")[2]) - 1):
        await response.write(bytes(MEGABYTE))
    return response


_VICES: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    "gone": _always(404, b"gone"),
    "empty": _always(200),
    "json": _always(200, b'{"error":-14,"message":"expired"}', **{"Content-Type": "image/png"}),
    "film": _film,
    "page": _always(200, "<!doctype html><p>Liên kết đã hết hạn".encode(), **{"Content-Type": "image/png"}),
    "away": _always(302, Location="http://127.0.0.1:1/secret"),
    "loop": _always(302, Location="/loop"),
    "to": _onward,
    "silent": _silent,
    "short": _short,
    "endless": _endless,
}


@asynccontextmanager
async def cdn() -> AsyncIterator[Cdn]:
    server = Cdn()
    app = web.Application()
    app.router.add_get("/{path:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()
