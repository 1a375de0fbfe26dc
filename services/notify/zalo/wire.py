"""POST over kept-alive HTTP/1.1 connections, at a fraction of a general client's cost: one message is one of these.

Everything rare (uploads, OAuth, history) stays with aiohttp: `docs/decisions/` has the measurement.
"""

import asyncio
import ssl
import time
from collections import deque
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import httptools

_CONNECT_SECONDS = 3.0
_IDLE_SECONDS = 15.0  # A server that closes an idle connection just as we use it would leave us in doubt.
_ANSWER_BYTES = 1 << 20
_HEADERS_READ = {
    b"x-ratelimit-limit": "X-RateLimit-Limit",
    b"x-ratelimit-remain": "X-RateLimit-Remain",
    b"retry-after": "Retry-After",
}


class NeverLeft(Exception):  # noqa: N818 — the call's state.
    """No connection could be had: nothing was sent."""


class Unanswered(Exception):  # noqa: N818 — likewise.
    """It was sent, and then the connection broke, what came was no HTTP, or (`late`) time ran out."""

    def __init__(self, *, late: bool = False) -> None:
        super().__init__()
        self.late = late


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]  # Those that we read.
    body: bytes


class _Connection(asyncio.Protocol):
    """One connection, one call at a time. httptools calls the `on_…` methods while it parses."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.idle_since = 0.0
        self._parser = httptools.HttpResponseParser(self)
        self._waiting: asyncio.Future[Reply] | None = None
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    @property
    def usable(self) -> bool:
        return self.transport is not None and not self.transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def send_request(self, data: bytes, seconds: float) -> "asyncio.Future[Reply]":
        """The reply, or Unanswered. Only on a usable connection."""
        loop = asyncio.get_running_loop()
        waiting = self._waiting = loop.create_future()
        self._headers, self._body = {}, bytearray()
        timer = loop.call_later(seconds, lambda: self._fail(late=True))
        waiting.add_done_callback(lambda _: timer.cancel())
        if self.transport is not None:
            self.transport.write(data)
        return waiting

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail()

    def on_header(self, name: bytes, value: bytes) -> None:
        canonical_name = _HEADERS_READ.get(name.lower())
        if canonical_name:
            self._headers[canonical_name] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > _ANSWER_BYTES:
            self._fail()

    def on_message_complete(self) -> None:
        waiting, self._waiting = self._waiting, None
        status = self._parser.get_status_code()
        if waiting is None or not self._parser.should_keep_alive():
            self.close()  # An unexpected answer, or the last of this connection.
        if waiting is not None and not waiting.done():
            waiting.set_result(Reply(status, self._headers, bytes(self._body)))

    def connection_lost(self, fault: Exception | None) -> None:
        del fault  # Whatever it was, there will be no answer.
        self._fail()

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def _fail(self, *, late: bool = False) -> None:
        waiting, self._waiting = self._waiting, None
        if self.transport is not None:
            self.transport.abort()
        if waiting is not None and not waiting.done():
            waiting.set_exception(Unanswered(late=late))


class Wire:
    """Connections to one server, as many as there are calls at once: the caller bounds them."""

    def __init__(self, base: str, seconds: float) -> None:
        """`base` is http[s]://host[:port][/path]; one call is given `seconds`."""
        split_url = urlsplit(base)
        self._tls = ssl.create_default_context() if split_url.scheme == "https" else None
        self.host, self.port = split_url.hostname or "", split_url.port or (443 if self._tls else 80)
        self._topic_prefix, self._seconds = split_url.path.rstrip("/"), seconds
        self._host_header = split_url.netloc.rpartition("@")[2]
        self._idle: deque[_Connection] = deque()

    async def post(self, path: str, headers: str, body: bytes) -> Reply:
        """`headers` are whole lines, each ended by CRLF. Raises NeverLeft, Unanswered."""
        head = (
            f"POST {self._topic_prefix}{path} HTTP/1.1\r\nHost: {self._host_header}\r\n"
            f"{headers}Content-Length: {len(body)}\r\n\r\n"
        )
        connection = await self._connect()
        try:
            reply = await connection.send_request(head.encode("latin-1") + body, self._seconds)
        except asyncio.CancelledError:
            connection.close()
            raise
        if connection.usable:
            connection.idle_since = time.monotonic()
            self._idle.append(connection)
        return reply

    async def _connect(self) -> _Connection:
        oldest = time.monotonic() - _IDLE_SECONDS
        while self._idle:
            connection = self._idle.pop()  # The one used last: the others grow old and are closed.
            if connection.usable and connection.idle_since > oldest:
                return connection
            connection.close()
        loop = asyncio.get_running_loop()
        name = self.host if self._tls else None
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                _, connection = await loop.create_connection(
                    _Connection, self.host, self.port, ssl=self._tls, server_hostname=name
                )
        except (OSError, TimeoutError) as fault:  # TLS faults are OSErrors.
            raise NeverLeft from fault
        return connection

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
