"""Fetches reporters' files: a few at once, apart from the consumer loop, with the queue in the database."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from chassis.fetch import FetchFailedError, FetchRefusedError
from chassis.jobs import Job, each
from chassis.mongo import Document
from chassis.records import Clock
from chassis.sealed_stream import StreamSealer
from chassis.wake_up import WakeUp
from services.tips.case_key import CaseKey
from services.tips.media.fetch import Fetched, MediaFetcher
from services.tips.media.limits import MediaLimits
from services.tips.media.missing import Missing
from services.tips.metrics import MEDIA, MEDIA_SECONDS
from services.tips.store.cases import Cases
from services.tips.store.files import KeptFile, MediaFile
from services.tips.store.media import Media

log = structlog.get_logger()

LEASE = timedelta(minutes=12)  # Longer than a file takes. Two tries at once are harmless: each has chunks of its own.
WAITS = (5, 30, 120, 600, 1_800, 3_600)  # Seconds until the next try; the last one repeats while the link may live.
TOLD_AFTER = 3  # Failed tries, half a minute: what passes by itself is not told.
_POLL_SECONDS = 5.0
_STORE_SECONDS = 30.0  # For sealing and storing, beyond the time to fetch.


class _Erased(Exception):  # noqa: N818 - the reporter's doing, not an error.
    """The case was cancelled meanwhile."""


@dataclass(slots=True)
class _Sealer:
    """Asks for the key when there is something to seal: after closing, each asking makes a key of its own."""

    file: MediaFile
    media: Media
    cases: Cases
    _key: CaseKey | None = None
    _stream: StreamSealer | None = None

    async def key(self) -> CaseKey:
        self._key = self._key or await self.cases.key(self.file.case_id)
        if self._key is None:
            raise _Erased
        return self._key

    async def stream(self) -> StreamSealer:
        if self._stream is None:
            key, place = await self.key(), f"file {self.file.media_id}"
            self._stream = StreamSealer(key.stream_key(place), key.bound(place))
        return self._stream

    async def put(self, index: int, data: bytes, last: bool) -> None:
        stream = await self.stream()
        sealed = await asyncio.to_thread(stream.seal, data, last=last)
        await self.media.put(self.file, index, sealed)


@dataclass(frozen=True, slots=True)
class MediaFetching:
    media: Media
    cases: Cases
    fetcher: MediaFetcher
    limits: MediaLimits
    now: Clock
    wake_notices: Callable[[], None] = lambda: None  # Wakes the job that tells reporters what is missing.

    def job(self, workers: int, fetch_seconds: float, wake: WakeUp) -> Job[Document]:
        return Job(
            "fetch_media",
            _POLL_SECONDS,
            self.claim,
            each(self.fetch),
            key=lambda document: document["_id"],
            page=1,
            concurrency=workers,
            wake=wake,
            call_seconds=fetch_seconds + _STORE_SECONDS,
        )

    async def claim(self, parked: frozenset[str]) -> Sequence[Document]:
        return await self.media.claim(LEASE, parked)

    async def fetch(self, document: Document) -> None:
        """Raises TransientError; the file is then tried again, at the latest when its lease ends."""
        file, started = self.media.decode(document), time.perf_counter()
        outcome = await self._fetch_and_store(file)
        MEDIA.labels(outcome).inc()
        MEDIA_SECONDS.observe(time.perf_counter() - started)
        log.info("media", outcome=outcome, tries=file.tries)

    async def _fetch_and_store(self, file: MediaFile) -> str:
        if not file.url:
            return await self._lose(file, "key")
        if refusal := await self.limits.refusal(file):
            return await self._refuse(file, refusal)
        sealer = _Sealer(file, self.media, self.cases)
        try:
            fetched = await self.fetcher.fetch(file.url, file.kind, sealer.put)
            key, stream = await sealer.key(), await sealer.stream()
        except FetchRefusedError as fault:
            return await self._refuse(file, Missing(str(fault)))
        except FetchFailedError as fault:
            return await self._retry_later(file, str(fault), Missing.LATER if file.tries >= TOLD_AFTER else None)
        except _Erased:
            return "erased"
        manifest = key.seal(json.dumps(_manifest(fetched)).encode(), f"manifest {file.media_id}")
        stored = await self.media.mark_kept(file, KeptFile(key.number, stream.header, fetched.chunks, manifest))
        if not stored:
            return "erased"
        await self.limits.count(file, fetched.size)
        return "kept"

    async def _refuse(self, file: MediaFile, why: Missing) -> str:
        if why is Missing.DISK:  # There may be room later, while the link lives.
            return await self._retry_later(file, why, why)
        await self.media.end(file, "refused", why, why)
        self.wake_notices()
        return "refused"

    async def _lose(self, file: MediaFile, why: str) -> str:
        await self.media.end(file, "lost", why, Missing.LOST)
        self.wake_notices()
        return "lost"

    async def _retry_later(self, file: MediaFile, why: str, notice: Missing | None) -> str:
        due = self.now() + timedelta(seconds=WAITS[min(file.tries, len(WAITS)) - 1])
        if due > file.until:
            return await self._lose(file, why)
        await self.media.postpone(file, due, notice)
        self.wake_notices()
        return "later"


def _manifest(fetched: Fetched) -> dict[str, str | int]:
    return {"size": fetched.size, "sha256": fetched.sha256, "type": fetched.media_type, "chunks": fetched.chunks}
