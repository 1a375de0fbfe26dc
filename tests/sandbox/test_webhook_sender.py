"""One attempt at the receiver's door: whatever it does, there is an outcome, and the next attempt is a fresh start."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from sandbox import webhook_sender as sender_module
from sandbox.webhook_sender import WebhookSender

ConnectionHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]
YES = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@asynccontextmanager
async def behind(handler: ConnectionHandler) -> AsyncIterator[WebhookSender]:
    async with await asyncio.start_server(handler, "127.0.0.1", 0) as server:
        sender = WebhookSender(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhooks/zalo?a=1", "key")
        yield sender
        sender.close()


def answering(*answers: bytes) -> tuple[ConnectionHandler, list[bytes]]:
    """One of `answers` per request; an empty one closes. Also what was asked, and an entry per connection."""
    left, received = list(answers), list[bytes]()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(b"connected")
        try:
            while left:
                head = await reader.readuntil(b"\r\n\r\n")
                received.append(
                    head + await reader.readexactly(int(head.split(b"Content-Length: ")[1].split(b"\r")[0]))
                )
                answer = left.pop(0)
                writer.write(answer)
                if not answer:
                    break
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    return handler, received


async def test_requests_share_a_connection() -> None:
    handler, received = answering(YES, YES, YES)
    async with behind(handler) as sender:
        outcomes = [await sender.post(b"body", {"X-Thu": "1"}) for _ in range(3)]
    assert [outcome.status for outcome in outcomes] == [200, 200, 200]
    assert received.count(b"connected") == 1
    assert received[1].startswith(b"POST /webhooks/zalo?a=1 HTTP/1.1\r\n")
    assert b"\r\nX-Thu: 1\r\n" in received[1]
    assert received[1].endswith(b"\r\n\r\nbody")


@pytest.mark.parametrize(
    "answer",
    [b"", b"not http at all\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"a" * 2_000_000],
    ids=["closes", "babbles", "floods"],
)
@pytest.mark.expects_errors("asyncio")
async def test_a_bad_answer_is_no_answer_and_the_next_attempt_begins_anew(answer: bytes) -> None:
    handler, received = answering(answer, YES)
    async with behind(handler) as sender:
        assert (await sender.post(b"a", {})).status == 0
        assert (await sender.post(b"b", {})).status == 200
    assert received.count(b"connected") == 2


async def test_a_receiver_that_says_close_is_left() -> None:
    handler, received = answering(YES.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), YES)
    async with behind(handler) as sender:
        assert [(await sender.post(b"a", {})).status for _ in range(2)] == [200, 200]
    assert received.count(b"connected") == 2


async def test_chunked_answers_are_read_to_their_end() -> None:
    handler, received = answering(b"HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", YES)
    async with behind(handler) as sender:
        assert [(await sender.post(b"a", {})).status for _ in range(2)] == [503, 200]
    assert received.count(b"connected") == 1


async def test_who_does_not_answer_in_time_has_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_module, "DEADLINE_SECONDS", 0.1)
    late = asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await late.wait()
        writer.close()

    async with behind(handler) as sender:
        begun = time.perf_counter()
        outcome = await sender.post(b"", {})
        late.set()
    assert outcome.status == 0
    assert 0.1 <= time.perf_counter() - begun < 1
    assert outcome.elapsed_ms >= 100


async def test_a_connection_that_rested_too_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_module, "IDLE_SECONDS", 0.0)
    handler, received = answering(YES, YES)
    async with behind(handler) as sender:
        assert [(await sender.post(b"a", {})).status for _ in range(2)] == [200, 200]
    assert received.count(b"connected") == 2


async def test_nobody_there_is_no_answer() -> None:
    assert (await WebhookSender("http://127.0.0.1:9/", "key").post(b"a", {})).status == 0
    assert (await WebhookSender("", "key").post(b"a", {})).status == -1
