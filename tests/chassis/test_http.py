"""The one door of a service: alive, ready, metrics, and a stop that lets requests in hand finish."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from chassis.errors import MisconfiguredError, TransientError
from chassis.http import create_app, serve
from loa.runtime.ports import free_port

PLANTED = "0900000000"


async def answers() -> None:
    """All is well."""


async def unavailable() -> None:
    raise TransientError("away")


async def hangs() -> None:
    await asyncio.sleep(60)


async def breaks() -> None:
    raise RuntimeError(PLANTED)


async def get(app: FastAPI, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.get(path)


async def test_alive_is_the_loop_s_word_alone() -> None:
    turning = True
    app = create_app("chatbot", lambda: turning, {"mongo": unavailable})
    assert (await get(app, "/alive")).status_code == 200
    turning = False
    assert (await get(app, "/alive")).status_code == 503


async def test_ready_says_which_dependency_does_not_answer() -> None:
    answer = await get(create_app("chatbot", lambda: True, {"mongo": answers, "kafka": unavailable}), "/ready")
    assert (answer.status_code, answer.json()) == (503, {"mongo": True, "kafka": False})


async def test_ready_when_all_answer() -> None:
    assert (await get(create_app("chatbot", lambda: True, {"mongo": answers}), "/ready")).status_code == 200


@pytest.mark.expects_errors("check_failed")
async def test_a_check_that_breaks_is_not_ready_and_never_a_500() -> None:
    answer = await get(create_app("chatbot", lambda: True, {"mongo": breaks}), "/ready")
    assert (answer.status_code, answer.json()) == (503, {"mongo": False})
    assert PLANTED not in answer.text


async def test_a_check_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.http._CHECK_SECONDS", 0.05)
    started = time.monotonic()
    assert (await get(create_app("chatbot", lambda: True, {"mongo": hangs}), "/ready")).status_code == 503
    assert time.monotonic() - started < 2


async def test_metrics_are_prometheus_text() -> None:
    answer = await get(create_app("chatbot", lambda: True, {}), "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "loa_records_total" in answer.text


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[tuple[str, "asyncio.Task[None]"]]:
    port = free_port()
    task = asyncio.ensure_future(serve(app, "127.0.0.1", port))
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient() as client:
        for _ in range(100):
            if task.done() or await _open(client, url):
                break
            await asyncio.sleep(0.02)
    yield url, task
    task.cancel()
    await asyncio.wait({task}, timeout=10)


async def _open(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/alive")).status_code == 200
    except httpx.TransportError:
        return False


async def test_a_cancelled_server_finishes_the_request_in_hand_and_takes_no_new_one() -> None:
    router, entered = APIRouter(), asyncio.Event()

    @router.get("/slow")
    async def slow() -> str:
        entered.set()
        await asyncio.sleep(0.5)
        return "done"

    async with served(create_app("chatbot", lambda: True, {}, [router])) as (url, task), httpx.AsyncClient() as client:
        request = asyncio.ensure_future(client.get(f"{url}/slow"))
        await asyncio.wait_for(entered.wait(), 5)
        task.cancel()
        assert (await request).json() == "done"
        await asyncio.wait({task}, timeout=5)
        assert task.cancelled()
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{url}/alive")


async def test_a_request_that_never_ends_does_not_hold_up_the_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.http._GRACE_SECONDS", 1)
    router, entered = APIRouter(), asyncio.Event()

    @router.get("/endless")
    async def endless() -> None:
        entered.set()
        await asyncio.sleep(60)

    async with served(create_app("chatbot", lambda: True, {}, [router])) as (url, task), httpx.AsyncClient() as client:
        request = asyncio.ensure_future(client.get(f"{url}/endless"))
        await asyncio.wait_for(entered.wait(), 5)
        started = time.monotonic()
        task.cancel()
        await asyncio.wait({task}, timeout=10)
        assert task.done()
        assert time.monotonic() - started < 4
        await asyncio.wait({request}, timeout=5)
        request.exception()


async def test_a_taken_port_is_an_error_that_names_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MisconfiguredError, match=f"127.0.0.1:{port}.*HTTP_PORT"):
            await serve(create_app("chatbot", lambda: True, {}), "127.0.0.1", port)
