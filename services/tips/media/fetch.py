"""One file of a reporter's, from its link to chunks, with its hash and true type."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from chassis.fetch import AllowedHosts, Fetcher, FetchFailedError, open_fetcher
from chassis.file_types import HEAD_BYTES, PAGE, media_type
from contracts.message import Kind

CHUNK_BYTES = 1024 * 1024
_MEDIA = frozenset({Kind.IMAGE, Kind.GIF, Kind.VIDEO, Kind.AUDIO})

Put = Callable[[int, bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fetched:
    size: int
    sha256: str
    media_type: str
    chunks: int


@dataclass(slots=True)
class _Chunks:
    """Bytes as they come, handed on in chunks; the last of them only when the file is known to be one."""

    put: Put
    count: int = 0
    head: bytes = b""
    _buffer: bytearray = field(default_factory=bytearray)
    _digest: Any = field(default_factory=hashlib.sha256)

    async def add(self, data: bytes) -> None:
        self._digest.update(data)
        self.head += data[: HEAD_BYTES - len(self.head)]
        self._buffer += data
        while len(self._buffer) >= CHUNK_BYTES:
            await self._put(bytes(self._buffer[:CHUNK_BYTES]))
            del self._buffer[:CHUNK_BYTES]

    async def finish(self) -> str:
        """Returns the hash."""
        if self._buffer:
            await self._put(bytes(self._buffer))
        digest: str = self._digest.hexdigest()
        return digest

    async def _put(self, chunk: bytes) -> None:
        await self.put(self.count, chunk)
        self.count += 1


@dataclass(frozen=True, slots=True)
class MediaFetcher:
    fetcher: Fetcher
    max_bytes: int

    async def fetch(self, url: str, kind: Kind, put: Put) -> Fetched:
        """`put` gets the chunks in order, from 0. Raises FetchRefusedError, FetchFailedError, and what `put` raises."""
        chunks = _Chunks(put)
        size = await self.fetcher.stream(url, self.max_bytes, chunks.add)
        if not size:
            raise FetchFailedError("empty")
        shown = media_type(chunks.head)
        if is_error_page(kind, shown):
            raise FetchFailedError("page")
        sha256 = await chunks.finish()
        return Fetched(size, sha256, shown, chunks.count)


def is_error_page(kind: Kind, shown: str) -> bool:
    """Returns whether a web page came where a picture or a recording was promised: a link that has expired."""
    return kind in _MEDIA and shown == PAGE


@asynccontextmanager
async def open_media_fetcher(hosts: AllowedHosts, max_bytes: int, seconds: float) -> AsyncIterator[MediaFetcher]:
    async with open_fetcher(hosts, seconds) as fetcher:
        yield MediaFetcher(fetcher, max_bytes)
