"""The HTTP servers of a service: one for operators, and where something is public, one at another port for everybody.

Operators have /alive (it makes progress), /ready (its dependencies answer), /metrics and the API.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response, status
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.auth import public
from chassis.bodies import BodyLimit
from chassis.errors import MisconfiguredError, TransientError
from chassis.http_limits import LimitedConfig

log = structlog.get_logger()

Check = Callable[[], Awaitable[None]]
_CHECK_SECONDS = 2.0
_UNAVAILABLE: dict[int | str, dict[str, Any]] = {503: {"description": "Not now."}}
_GRACE_SECONDS = 5
_BACKLOG = 2_048
_HEALTH = [public("for whatever watches the process: no data")]


def create_app(
    service: str,
    alive: Callable[[], bool],
    checks: Mapping[str, Check],
    routers: Sequence[APIRouter] = (),
) -> FastAPI:
    """Returns the application for operators. A function in `checks` raises TransientError when its dependency does not answer."""
    app = _application(service, routers, openapi_url="/openapi.json")

    @app.head("/alive", include_in_schema=False, dependencies=_HEALTH)
    @app.get("/alive", tags=["health"], dependencies=_HEALTH, response_class=Response, responses=_UNAVAILABLE)
    async def is_alive() -> Response:
        """200 while the service makes progress. An outage of broker or database is no reason to restart it."""
        return Response(status_code=status.HTTP_200_OK if alive() else status.HTTP_503_SERVICE_UNAVAILABLE)

    @app.head("/ready", include_in_schema=False, dependencies=_HEALTH)
    @app.get("/ready", tags=["health"], dependencies=_HEALTH, responses=_UNAVAILABLE)
    async def ready() -> JSONResponse:
        """200 when every dependency answers; otherwise 503 and the names of those that do not."""
        names = list(checks)
        results = await asyncio.gather(*(_probe(name, checks[name]) for name in names))
        all_ready = all(results)
        code = status.HTTP_200_OK if all_ready else status.HTTP_503_SERVICE_UNAVAILABLE
        return JSONResponse(dict(zip(names, results, strict=True)), code)

    @app.head("/metrics", include_in_schema=False, dependencies=_HEALTH)
    @app.get("/metrics", tags=["health"], dependencies=_HEALTH, response_class=PlainTextResponse)
    def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


def create_public_app(service: str, routers: Sequence[APIRouter]) -> FastAPI:
    """Returns the application for everybody: these routes, and nothing that describes or measures them."""
    return _application(service, routers, openapi_url=None)


def _application(service: str, routers: Sequence[APIRouter], openapi_url: str | None) -> FastAPI:
    """Without FastAPI's own pages, whose scripts come from elsewhere: operators' browsers hold keys."""
    app = FastAPI(title=f"Loa · {service}", openapi_url=openapi_url, docs_url=None, redoc_url=None)
    app.add_middleware(BodyLimit)
    app.add_exception_handler(TransientError, _unavailable)
    for router in routers:
        app.include_router(router)
    return app


async def _unavailable(_: Request, fault: Exception) -> JSONResponse:
    """503 with the error's own text, which names the remedy."""
    return JSONResponse({"detail": str(fault)}, status.HTTP_503_SERVICE_UNAVAILABLE)


async def _probe(name: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            await check()
    except (TransientError, TimeoutError):
        return False
    except Exception as fault:  # A check that fails in another way is not ready either.
        log.warning("check_failed", check=name, exc_info=fault)
        return False
    return True


class _Server(uvicorn.Server):
    """Signals are the process's business, not the server's: it would raise them again after closing."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: Any, host: str, port: int, **limits: int) -> None:
    """Serve until cancelled, then finish the requests in hand (bounded). Raises MisconfiguredError when the port is taken."""
    config = LimitedConfig(
        app,
        **limits,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ws="none",
        lifespan="off",
        backlog=_BACKLOG,
    )
    server = _Server(config)
    with _listening_socket(host, port) as listening:
        task = asyncio.ensure_future(server.serve(sockets=[listening]))
        limiting = asyncio.ensure_future(config.close_overdue())
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            server.should_exit = True
            await task
            raise
        finally:
            limiting.cancel()


def _listening_socket(host: str, port: int) -> socket.socket:
    """Bind here, since the server itself would end the process at once when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as fault:
        message = f"could not listen on {host}:{port} ({fault.strerror}): HTTP_HOST, HTTP_PORT and PUBLIC_PORT move it"
        raise MisconfiguredError(message) from fault
