"""One kept-alive HTTP/1.1 connection that posts and reads a status: five times leaner than a general client.

The sandbox's own cost is part of every bench on this machine, and a webhook needs no more than this:
no redirects, no cookies, no body of the answer.
"""

import asyncio
from typing import cast
from urllib.parse import urlsplit

import httptools

MAX_ANSWER = 1_000_000  # An answer longer than this is no webhook's answer.


class BrokenError(ConnectionError):
    """The other side closed, or does not speak HTTP."""


class Wire(asyncio.Protocol):
    """Use it for one exchange at a time. `usable` says whether it may be used again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.usable = True
        self.idle_since = 0.0
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[int] | None = None
        self._read = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # TCP or TLS, by uvloop's own class or asyncio's.

    def data_received(self, data: bytes) -> None:
        self._read += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()
        if self._read > MAX_ANSWER:
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc  # Why does not matter: no answer came, or none was awaited.
        self.usable = False
        self._fail()

    def on_message_complete(self) -> None:
        """The parser has read a whole answer."""
        self.usable = self.usable and self._parser.should_keep_alive()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(self._parser.get_status_code())

    async def exchange(self, request: bytes) -> int:
        """Send and return the HTTP status. Raise BrokenError when the connection ends first."""
        if self._transport is None or self._transport.is_closing():
            raise BrokenError
        self._read = 0
        self._parser = httptools.HttpResponseParser(self)
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        self.usable = False
        if self._transport is not None:
            self._transport.close()
        self._fail()

    def _fail(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(BrokenError())


async def connect(url: str) -> Wire:
    """Raise OSError when nobody listens there."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    loop = asyncio.get_running_loop()
    port = parts.port or (443 if secure else 80)
    _, wire = await loop.create_connection(lambda: Wire(url), parts.hostname or "", port, ssl=secure or None)
    return wire


def request(url: str, body: bytes, headers: dict[str, str]) -> bytes:
    """The bytes of one POST. Headers must be printable ASCII: whoever lets people choose them checks that."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"POST {path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body
