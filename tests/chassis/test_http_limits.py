"""What a stranger can do to an HTTP port before any of our code runs: nothing that lasts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import Request

from chassis import http_limits
from chassis.http import create_app, serve
from loa.runtime.ports import free_port

HALF = b"GET /alive HTTP/1.1\r\nHost: service\r\nX-Slow: "


@asynccontextmanager
async def serving(**limits: int) -> AsyncIterator[int]:
    """A port with an application that answers, and one endless path."""
    port, app = free_port(), create_app("test", lambda: True, {})

    @app.get("/endless")
    async def endless() -> None:
        await asyncio.sleep(600)

    @app.post("/count")
    async def count(request: Request) -> int:
        return len(await request.body())

    task = asyncio.ensure_future(serve(app, "127.0.0.1", port, **limits))
    async with asyncio.timeout(10):
        while not await is_alive(port):  # noqa: ASYNC110 - a server tells nobody when it listens.
            await asyncio.sleep(0.02)
    yield port
    task.cancel()
    await asyncio.wait({task}, timeout=20)


async def is_alive(port: int) -> bool:
    try:
        async with httpx.AsyncClient(timeout=20) as http:
            return (await http.get(f"http://127.0.0.1:{port}/alive")).status_code == 200
    except httpx.TransportError:
        return False


async def sent(port: int, *pieces: bytes) -> bytes:
    """What the server answers until it closes, or until all was sent and nothing comes for a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(20):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            return await reader.read()
    except ConnectionError:
        return await reader.read(65_536) if not reader.exception() else b""
    finally:
        writer.transport.abort()


@pytest.fixture(autouse=True)
def stops_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.http._GRACE_SECONDS", 1)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_limits, "HEADER_SECONDS", 1.0)
    monkeypatch.setattr(http_limits, "_LOOK_SECONDS", 0.1)


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
async def test_twelve_hundred_half_sent_headers_are_closed_and_keep_nobody_out_meanwhile() -> None:
    async with serving(connections=1_000) as port:
        connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(1_200)]
        for _, writer in connections:
            writer.write(HALF)
        assert await is_alive(port)
        async with asyncio.timeout(30):
            endings = await asyncio.gather(*(ending(reader) for reader, _ in connections))
        assert all(endings)
        for _, writer in connections:
            writer.transport.abort()


async def ending(reader: asyncio.StreamReader) -> bool:
    """Whether the server closed the connection without a word."""
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


@pytest.mark.usefixtures("quick")
async def test_a_connection_that_says_nothing_or_dribbles_is_closed() -> None:
    async with serving() as port:
        assert await sent(port) == b""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HALF)
        end = asyncio.ensure_future(ending(reader))
        async with asyncio.timeout(20):
            while not (await asyncio.wait({end}, timeout=0.2))[0]:
                writer.write(b"a")  # A byte now and then does not put the end off.
        assert end.result()
        writer.transport.abort()


async def test_a_hundred_thousand_headers_are_refused() -> None:
    async with serving() as port:
        lines = b"".join(b"h%d: v\r\n" % number for number in range(100_000))
        answer = await sent(port, b"GET /alive HTTP/1.1\r\nHost: service\r\n" + lines + b"\r\n")
        assert answer.startswith(b"HTTP/1.1 431") or answer == b"", answer[:100]
        assert await is_alive(port)


async def test_more_headers_than_anybody_sends_are_refused_though_they_are_short() -> None:
    async with serving() as port:
        lines = b"".join(b"h%d: v\r\n" % number for number in range(http_limits.HEADERS + 1))
        answer = await sent(port, b"GET /alive HTTP/1.1\r\nHost: service\r\n" + lines + b"\r\n")
        assert answer.startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize("part", ["header", "address", "trailer", "chunk extension"])
async def test_twenty_megabytes_are_refused_wherever_they_stand(part: str) -> None:
    begins = {
        "header": b"GET /alive HTTP/1.1\r\nHost: service\r\nX-Large: ",
        "address": b"GET /",
        "trailer": b"POST /endless HTTP/1.1\r\nHost: service\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Large: ",
        "chunk extension": b"POST /endless HTTP/1.1\r\nHost: service\r\nTransfer-Encoding: chunked\r\n\r\n1;",
    }
    async with serving() as port:
        answer = await sent(port, begins[part], *[b"a" * 65_536] * 320)
        assert b"HTTP/1.1 200" not in answer
        assert await is_alive(port)


async def test_a_large_body_right_behind_small_headers_is_no_large_header() -> None:
    async with serving() as port:
        head = b"POST /count HTTP/1.1\r\nHost: service\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n"
        assert (await sent(port, head + b"a" * 200_000)).endswith(b"200000")


async def test_beyond_the_most_requests_in_hand_the_answer_is_503_and_to_come_again() -> None:
    async with serving(requests=2) as port, httpx.AsyncClient(timeout=20) as http:
        held = [await in_hand(http, f"http://127.0.0.1:{port}/endless") for _ in range(2)]
        refused = await http.get(f"http://127.0.0.1:{port}/alive")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        for request in held:
            request.cancel()
        await asyncio.wait(held)


async def in_hand(http: httpx.AsyncClient, url: str) -> "asyncio.Task[httpx.Response]":
    """A request that was taken: one before it may still have counted for a moment."""
    while True:
        request = asyncio.create_task(http.get(url))
        if not (await asyncio.wait({request}, timeout=0.3))[0]:
            return request


@pytest.mark.usefixtures("quick")
async def test_an_answer_that_never_comes_to_its_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_limits, "REQUEST_SECONDS", 0.5)
    async with serving() as port:
        assert await sent(port, b"GET /endless HTTP/1.1\r\nHost: service\r\n\r\n") == b""


async def test_several_requests_on_one_connection_are_each_answered() -> None:
    request = b"GET /alive HTTP/1.1\r\nHost: service\r\n\r\n"
    last = b"GET /alive HTTP/1.1\r\nHost: service\r\nConnection: close\r\n\r\n"
    async with serving() as port:
        assert (await sent(port, request, request + request + last)).count(b"HTTP/1.1 200") == 4


async def test_whatever_watches_may_ask_for_the_head_alone() -> None:
    transport: Any = httpx.ASGITransport(create_app("test", lambda: True, {}))
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        for path in ("/alive", "/ready", "/metrics"):
            assert (await http.head(path)).status_code == 200, path
