"""Limits of an HTTP port below the application: how long and how large headers may be, and how much may be open at once.

Uvicorn has none of them (docs/decisions/0025-http-ports.md). Bodies are bounded where they are read: chassis/bodies.py, and the
gateway's webhook.
"""

import asyncio
from collections.abc import Iterator
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from chassis.http_metrics import HTTP_REFUSED

HEADER_SECONDS = 10.0  # From the opening of a connection, or from its last answer, to the end of the headers.
REQUEST_SECONDS = 180.0  # From the headers to the end of the answer: a body has sixty (chassis/bodies.py).
HEADER_BYTES = (
    32 * 1024
)  # Zalo, proxies and browsers send below 8 KB; it is what most servers stop at, several times over.
HEADERS = 100
CONNECTIONS = 3_000  # A connection costs some 10 KB.
REQUESTS = 2_500  # Above the gateway's QUEUE_LIMIT, which counts what it refuses.
_LOOK_SECONDS = 1.0

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Waiting:
    """Connections by how long they have been waiting for the same thing, the longest first."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: dict[asyncio.BaseProtocol, float] = {}

    def add(self, connection: asyncio.BaseProtocol, now: float) -> None:
        self._since.pop(connection, None)
        self._since[connection] = now

    def discard(self, connection: asyncio.BaseProtocol) -> None:
        self._since.pop(connection, None)

    def take_first(self) -> asyncio.BaseProtocol | None:
        """Returns the one that has waited longest, and does not wait for it any more."""
        first = next(iter(self._since), None)
        if first is not None:
            del self._since[first]
        return first

    def take_overdue(self, now: float) -> Iterator[asyncio.BaseProtocol]:
        """Yields each that has waited too long."""
        while self._since and now - next(iter(self._since.values())) >= self._seconds:
            yield cast("asyncio.BaseProtocol", self.take_first())


class LimitedConfig(uvicorn.Config):
    """Uvicorn's, with what the connections of one port have in common."""

    def __init__(self, app: Any, *, connections: int = CONNECTIONS, requests: int = REQUESTS, **options: Any) -> None:
        super().__init__(app, http=LimitedProtocol, **options)
        self.most_connections, self.most_requests = connections, requests
        self.headers_due, self.answers_due = Waiting(HEADER_SECONDS), Waiting(REQUEST_SECONDS)

    async def close_overdue(self) -> None:
        """Close what takes too long, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            for connection in self.headers_due.take_overdue(loop.time()):
                cast("LimitedProtocol", connection).refuse("header_time")
            for connection in self.answers_due.take_overdue(loop.time()):
                cast("LimitedProtocol", connection).refuse("request_time")


class LimitedProtocol(HttpToolsProtocol):
    """One connection. What it counts per request is a few additions: it stands before every webhook of a province."""

    config: LimitedConfig
    _chunk_bytes = 0  # Of what is being parsed.
    _overhead_bytes = 0  # Arrived since there was last a body: headers, trailers, the sizes of chunks.
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # As uvicorn has it.
        super().connection_made(transport)
        if len(self.connections) > self.config.most_connections:
            longest = self.config.headers_due.take_first()  # It is the likeliest to be there for nothing.
            cast("LimitedProtocol", longest or self).refuse("connections")
        if not self._refused:
            self.config.headers_due.add(self, self.loop.time())

    def connection_lost(self, exc: Exception | None) -> None:
        self.config.headers_due.discard(self)
        self.config.answers_due.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._chunk_bytes = len(data)
        self._overhead_bytes += self._chunk_bytes
        super().data_received(data)
        if self._overhead_bytes > HEADER_BYTES and not self._refused:
            self._refuse_headers()

    def on_message_begin(self) -> None:
        self._overhead_bytes = self._chunk_bytes
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Raises ValueError on headers that are too many or too large; uvicorn ends the connection on what its parser raises."""
        if len(self.headers) > HEADERS or (
            self._overhead_bytes > HEADER_BYTES and self._size_of_headers() > HEADER_BYTES
        ):
            self._refuse_headers()
            raise ValueError("the headers are too large")
        self._overhead_bytes = 0
        self.config.headers_due.discard(self)
        self.config.answers_due.add(self, self.loop.time())
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._overhead_bytes = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.config.answers_due.discard(self)
        is_idle = self.transport.is_closing() or self.timeout_keep_alive_task is not None
        due = self.config.headers_due if is_idle else self.config.answers_due  # Another request was sent along.
        due.add(self, self.loop.time())

    def send_400_response(self, msg: str) -> None:
        if not self._refused:
            super().send_400_response(msg)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if len(self.tasks) >= self.config.most_requests:
            HTTP_REFUSED.labels("requests").inc()
            app = _busy
        super()._start_asgi_task(cycle, app)

    def _size_of_headers(self) -> int:
        return len(self.url) + sum(
            len(name) + len(value) + 4 for name, value in self.headers
        )  # `: ` and the line's end.

    def _refuse_headers(self) -> None:
        self._refused = True
        HTTP_REFUSED.labels("header_size").inc()
        self.transport.write(_TOO_LARGE)
        self.transport.close()

    def refuse(self, why: str) -> None:
        """Close at once, without an answer: whoever is there keeps to no protocol, or reads nothing."""
        self._refused = True
        HTTP_REFUSED.labels(why).inc()
        self.transport.abort()


async def _busy(_scope: Any, _receive: Any, send: Any) -> None:
    headers = [(b"content-length", b"0"), (b"retry-after", b"5"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
