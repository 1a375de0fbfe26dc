"""One file of a reporter's, from its link to chunks, with its hash and true type."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from chassis.fetch import AllowedHosts, Fetcher, FetchFailedError, open_fetcher
from chassis.file_types import HEAD_BYTES, media_type
from chassis.sealed_stream import CHUNK_BYTES
from contracts.message import Kind

# What a file may be that was promised as this. A recording of sound often calls itself a film, an animation is sent as either.
_PROMISED = {
    Kind.IMAGE: ("image/",),
    Kind.GIF: ("image/", "video/"),
    Kind.VIDEO: ("video/",),
    Kind.AUDIO: ("audio/", "video/"),
}

Put = Callable[[int, bytes, bool], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fetched:
    size: int
    sha256: str
    media_type: str
    chunks: int


@dataclass(slots=True)
class _Chunks:
    """Bytes as they come, handed on in chunks; the first of them only when the file is known to be what was promised."""

    put: Put
    kind: Kind
    count: int = 0
    head: bytes = b""
    _buffer: bytearray = field(default_factory=bytearray)
    _digest: Any = field(default_factory=hashlib.sha256)

    async def add(self, data: bytes) -> None:
        self._digest.update(data)
        self.head += data[: HEAD_BYTES - len(self.head)]
        self._buffer += data
        while len(self._buffer) > CHUNK_BYTES:  # Something stays behind: the last chunk is put as such.
            await self._put(bytes(self._buffer[:CHUNK_BYTES]), last=False)
            del self._buffer[:CHUNK_BYTES]

    async def finish(self) -> str:
        """Returns the hash."""
        await self._put(bytes(self._buffer), last=True)
        digest: str = self._digest.hexdigest()
        return digest

    async def _put(self, chunk: bytes, *, last: bool) -> None:
        if not is_promised(self.kind, media_type(self.head)):
            raise FetchFailedError("kind")
        await self.put(self.count, chunk, last)
        self.count += 1


@dataclass(frozen=True, slots=True)
class MediaFetcher:
    fetcher: Fetcher
    max_bytes: int

    async def fetch(self, url: str, kind: Kind, put: Put) -> Fetched:
        """`put` gets each chunk with its number, from 0, and whether it is the last.

        Raises FetchRefusedError, FetchFailedError, and what `put` raises.
        """
        chunks = _Chunks(put, kind)
        size = await self.fetcher.stream(url, self.max_bytes, chunks.add)
        if not size:
            raise FetchFailedError("empty")
        sha256 = await chunks.finish()
        return Fetched(size, sha256, media_type(chunks.head), chunks.count)


def is_promised(kind: Kind, shown: str) -> bool:
    """Returns whether a file's bytes show what it was sent as. Links that have expired lead to pages and errors."""
    return kind not in _PROMISED or shown.startswith(_PROMISED[kind])


@asynccontextmanager
async def open_media_fetcher(hosts: AllowedHosts, max_bytes: int, seconds: float) -> AsyncIterator[MediaFetcher]:
    async with open_fetcher(hosts, seconds) as fetcher:
        yield MediaFetcher(fetcher, max_bytes)
