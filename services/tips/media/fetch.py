"""One file, from its link to chunks: bounded in size and time, hosts on the list alone, redirects looked at as well."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urljoin

import aiohttp

from contracts.message import Kind
from services.tips.media.links import Hosts
from services.tips.media.sniff import HEAD_BYTES, is_error_page, sniff

CHUNK_BYTES = 1024 * 1024
_HOPS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READ_BYTES = 64 * 1024
_PLAIN = {"Accept-Encoding": "identity"}  # What is sealed is what Zalo has, and its size is what was sent.

Put = Callable[[int, bytes], Awaitable[None]]


class Refused(Exception):  # noqa: N818 - what became of the link, not an error of ours.
    """It will never be fetched. The text is one of a closed set: host, size."""


class Failed(Exception):  # noqa: N818 - likewise.
    """Not now: the link may still live. The text is one of a closed set, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Fetched:
    size: int
    sha256: str
    media_type: str
    chunks: int


@dataclass(frozen=True, slots=True)
class Fetcher:
    session: aiohttp.ClientSession
    hosts: Hosts
    most_bytes: int

    async def fetch(self, url: str, kind: Kind, put: Put) -> Fetched:
        """Calls `put` with the chunks in order, from 0. Raises Refused or Failed, and whatever `put` raises."""
        try:
            async with self._answer(url) as answer:
                return await self._copy(answer, kind, put)
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise Failed("network") from fault

    @asynccontextmanager
    async def _answer(self, url: str) -> AsyncIterator[aiohttp.ClientResponse]:
        for _ in range(_HOPS + 1):
            if not self.hosts.allow(url):
                raise Refused("host")
            async with self.session.get(url, headers=_PLAIN, allow_redirects=False) as answer:
                if answer.status not in _REDIRECTS:
                    yield answer
                    return
                url = urljoin(url, answer.headers.get("Location", ""))
        raise Failed("redirects")

    async def _copy(self, answer: aiohttp.ClientResponse, kind: Kind, put: Put) -> Fetched:
        if answer.status != 200:  # noqa: PLR2004 - anything else is no file.
            raise Failed("status")
        if (answer.content_length or 0) > self.most_bytes:
            raise Refused("size")
        digest, buffer, size, index, head = hashlib.sha256(), bytearray(), 0, 0, b""
        async for data in answer.content.iter_chunked(_READ_BYTES):
            size += len(data)
            if size > self.most_bytes:
                raise Refused("size")
            digest.update(data)
            head = head + data[: HEAD_BYTES - len(head)]
            buffer += data
            while len(buffer) >= CHUNK_BYTES:
                await put(index, bytes(buffer[:CHUNK_BYTES]))
                del buffer[:CHUNK_BYTES]
                index += 1
        if not size:
            raise Failed("empty")
        media_type = sniff(head)
        if is_error_page(kind, media_type):
            raise Failed("page")
        if buffer:
            await put(index, bytes(buffer))
            index += 1
        return Fetched(size, digest.hexdigest(), media_type, index)


@asynccontextmanager
async def fetcher(hosts: Hosts, most_bytes: int, seconds: float) -> AsyncIterator[Fetcher]:
    """No cookies, no proxies from the environment, a total time of at most `seconds`."""
    limits = aiohttp.ClientTimeout(total=seconds, sock_connect=5, sock_read=15)
    async with aiohttp.ClientSession(timeout=limits, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False) as session:
        yield Fetcher(session, hosts, most_bytes)
