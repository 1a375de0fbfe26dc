"""The wire that messages travel on, against servers that behave, misbehave and hang."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from services.notify.zalo.wire import NeverLeft, Unanswered, Wire

# The servers below are torn down in the middle of a connection; asyncio reports their callbacks.
pytestmark = pytest.mark.expects_errors("asyncio")

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nx-ratelimit-limit: 40\r\nX-Other: 1\r\n\r\n{"error":0}'


@asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[Wire]:
    async def polite(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    running = await asyncio.start_server(polite, "127.0.0.1", 0)
    wire = Wire(f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}/base", 0.3)
    try:
        yield wire
    finally:
        wire.close()
        running.close()
        await running.wait_closed()


async def request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next(header for header in head.split("\r\n") if header.startswith("Content-Length"))
    return head, await reader.readexactly(int(length.split(":")[1]))


async def test_a_call_is_plain_http_and_its_connection_serves_the_next() -> None:
    requests: list[tuple[str, bytes]] = []
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while True:
            requests.append(await request(reader))
            writer.write(OK)

    async with server(serve) as wire:
        for _ in range(3):
            reply = await wire.post("/v3", "access_token: t\r\n", b"{}")
        assert (reply.status, reply.body) == (200, b'{"error":0}')
        assert reply.headers == {"X-RateLimit-Limit": "40"}
        assert connections == 1
        head, body = requests[0]
        assert head.startswith(f"POST /base/v3 HTTP/1.1\r\nHost: 127.0.0.1:{wire.port}\r\naccess_token: t\r\n")
        assert body == b"{}"


async def test_calls_at_once_take_a_connection_each() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            _, body = await request(reader)
            await asyncio.sleep(0.02)
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n" + body + b"\r\n0\r\n\r\n")

    async with server(serve) as wire:
        replies = await asyncio.gather(*(wire.post("/", "", str(index).encode()) for index in range(8)))
        assert [reply.body for reply in replies] == [str(index).encode() for index in range(8)]
        assert len(wire._idle) == 8


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 200 OK\r\nCont"],
)
async def test_a_broken_answer_is_no_answer(answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        writer.write(answer)

    async with server(serve) as wire:
        with pytest.raises(Unanswered):
            await wire.post("/", "", b"{}")
        assert not wire._idle


async def test_silence_is_bounded_and_the_connection_is_not_used_again() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        await asyncio.sleep(1)
        writer.write(OK)

    async with server(serve) as wire:
        started = asyncio.get_running_loop().time()
        with pytest.raises(Unanswered):
            await wire.post("/", "", b"{}")
        assert asyncio.get_running_loop().time() - started < 0.8
        assert not wire._idle


async def test_an_endless_answer_is_cut_off() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    async with server(serve) as wire:
        with pytest.raises(Unanswered):
            await wire.post("/", "", b"{}")


async def test_a_server_that_says_goodbye_is_greeted_anew() -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await request(reader)
        writer.write(OK.replace(b"X-Other: 1", b"Connection: close"))

    async with server(serve) as wire:
        assert [(await wire.post("/", "", b"{}")).status for _ in range(3)] == [200] * 3
        assert connections == 3


async def test_where_nobody_listens_nothing_has_left() -> None:
    with pytest.raises(NeverLeft):
        await Wire("http://127.0.0.1:9", 1).post("/", "", b"{}")


async def test_a_server_without_a_trusted_name_is_not_spoken_to() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"no TLS here")

    async with server(serve) as plain:
        with pytest.raises(NeverLeft):
            await Wire(f"https://127.0.0.1:{plain.port}", 1).post("/", "", b"{}")
