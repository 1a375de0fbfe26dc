"""One address for everything: Zalo's own paths in the fast lane, control API, permission page and media behind it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from sandbox.control.bulk import bulk
from sandbox.control.citizen_actions import citizen_actions, more_actions
from sandbox.control.hooks import raw_deliveries, webhooks
from sandbox.control.oa_status import oa_status
from sandbox.control.others import answers, officers, verdicts
from sandbox.control.people import inboxes, people
from sandbox.control.system import knobs, system
from sandbox.documented import document
from sandbox.drawn import drawn
from sandbox.endpoints import table
from sandbox.fast_router import FastRouter
from sandbox.network import UnknownError
from sandbox.openapi import (
    aftercare,
    articles,
    broadcast,
    chats,
    consult,
    group_chat,
    group_people,
    groups,
    info,
    oauth,
    phone_calls,
    tags,
    template_management,
    uploads,
    users,
    zns,
)
from sandbox.permission import permission
from sandbox.platform import Platform

FAMILIES = (
    oauth, consult, users, chats, tags, info, uploads, articles, broadcast, groups, group_people, group_chat, phone_calls, zns,
    template_management, aftercare,
)  # fmt: skip
ROUTERS = (
    permission, people, inboxes, citizen_actions, more_actions, answers, verdicts, bulk, system, oa_status, knobs,
    officers, webhooks,
    raw_deliveries,
)  # fmt: skip
# What somebody sent is shown, never run: a page among the files shares its address with the chat page.
HARMLESS = {"Content-Security-Policy": "script-src 'none'", "X-Content-Type-Options": "nosniff"}
Page = Callable[[FastAPI, Platform], None]


def build(platform: Platform, pages: Sequence[Page] = ()) -> FastRouter:
    """The whole ASGI application. `pages` add further routes, such as the chat page, before it starts."""
    app = FastAPI(title="Loa sandbox", version="1", lifespan=_lifespan(platform))
    endpoints = table(endpoint for family in FAMILIES for endpoint in family.ENDPOINTS)
    fast_router = FastRouter(platform, endpoints, app)
    document(app, fast_router)
    for router in ROUTERS:
        app.include_router(router(platform))
    _plain_routes(app, platform)
    for page in pages:
        page(app, platform)
    return fast_router


def _lifespan(platform: Platform) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with platform:
            saving = asyncio.create_task(platform.keep_saving())
            try:
                yield
            finally:
                saving.cancel()

    return lifespan


def _plain_routes(app: FastAPI, platform: Platform) -> None:
    @app.exception_handler(UnknownError)
    async def unknown(_: Request, error: Exception) -> Response:
        return JSONResponse({"detail": str(error)}, 404)

    @app.get("/alive", tags=["health"])
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/ready", tags=["health"])
    async def ready() -> dict[str, str | int]:
        return {"status": "ready", "oas": len(platform.network.accounts)}

    @app.get("/{oa_id:int}", tags=["zalo.me"], response_class=RedirectResponse, status_code=302)
    async def link(oa_id: int) -> Response:
        """zalo.me/<oa_id>, the link behind every QR: here it leads to the chat page. 404 for an OA nobody knows."""
        platform.network.account(str(oa_id))
        return RedirectResponse("/", 302)

    @app.get("/media/{media_id}/{name}", tags=["media"], response_class=Response)
    async def media(media_id: str, name: str) -> Response:
        """The bytes behind a media link, until it expires; avatars, stickers and samples are drawn."""
        picture = drawn(media_id, name)
        if picture is not None:
            return Response(picture[0], media_type=picture[1])
        stored = platform.media.get(media_id)
        if stored is None or stored.name != name:
            return Response(status_code=404)
        return Response(stored.data, media_type=stored.content_type, headers=HARMLESS)
