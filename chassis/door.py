"""One HTTP door per house: /alive (the loop still turns), /ready (its dependencies answer), /metrics, and the house's API."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI, Response, status
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.blame import Transient

Check = Callable[[], Awaitable[None]]
_CHECK_SECONDS = 2.0


def door(
    house: str,
    alive: Callable[[], bool],
    checks: Mapping[str, Check],
    routers: Sequence[APIRouter] = (),
    *,
    openapi: bool = True,
) -> FastAPI:
    """The application. `checks` raise Transient when the dependency of that name does not answer."""
    app = FastAPI(title=f"Loa · {house}", openapi_url="/openapi.json" if openapi else None, redoc_url=None)
    for router in routers:
        app.include_router(router)

    @app.get("/alive", tags=["health"])
    async def still_turning() -> Response:
        """200 while the loop turns. An outage of broker or database is no reason to be restarted."""
        return Response(status_code=status.HTTP_200_OK if alive() else status.HTTP_503_SERVICE_UNAVAILABLE)

    @app.get("/ready", tags=["health"])
    async def ready() -> JSONResponse:
        """200 when every dependency answers; which one does not, otherwise."""
        names = list(checks)
        found = await asyncio.gather(*(_look(checks[name]) for name in names))
        good = all(found)
        code = status.HTTP_200_OK if good else status.HTTP_503_SERVICE_UNAVAILABLE
        return JSONResponse(dict(zip(names, found, strict=True)), code)

    @app.get("/metrics", tags=["health"])
    def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


async def _look(check: Check) -> bool:
    try:
        await asyncio.wait_for(check(), _CHECK_SECONDS)
    except (Transient, TimeoutError):
        return False
    return True


class _Server(uvicorn.Server):
    """Signals are the process's business, not the server's: it would raise them again after closing."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: Any, host: str, port: int, *, limit_concurrency: int | None = None) -> None:
    """Serve until cancelled, then finish the requests in hand (bounded). Raises OSError when the port is taken."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=5,
        limit_concurrency=limit_concurrency,
        ws="none",
        lifespan="off",
    )
    server = _Server(config)
    task = asyncio.ensure_future(server.serve())
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        server.handle_exit(signal.SIGTERM, None)
        await task
        raise
    except SystemExit as fault:  # uvicorn's way to say that it could not bind.
        raise OSError(f"could not open the door at {host}:{port}: is the port taken? HTTP_PORT moves it") from fault
