"""The workers that fetch reporters' files: a few at once, none of them in the loop's way, every job in the database."""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import timedelta

import structlog

from chassis.errors import TransientError
from chassis.records import Clock
from chassis.wake_up import WakeUp
from services.tips.case_key import CaseKey
from services.tips.media.fetch import Failed, Fetched, Fetcher, Refused
from services.tips.metrics import MEDIA, MEDIA_SECONDS
from services.tips.store.cases import Cases
from services.tips.store.media import Job, Media

log = structlog.get_logger()

LEASE = timedelta(minutes=5)  # Longer than any fetch may take: settings bound it at two minutes.
WAITS = (5, 30, 120, 600, 1_800, 3_600)  # Seconds until the next try; the last one repeats while the link may live.
_POLL_SECONDS = 5.0


class _Erased(Exception):  # noqa: N818 - the reporter's doing, not an error.
    """The case was cancelled meanwhile."""


@dataclass(slots=True)
class _Sealer:
    """Asks for the key when there is something to seal: after closing, each asking makes a key of its own."""

    job: Job
    media: Media
    cases: Cases
    _key: CaseKey | None = None

    async def key(self) -> CaseKey:
        self._key = self._key or await self.cases.key(self.job.case_id)
        if self._key is None:
            raise _Erased
        return self._key

    async def put(self, index: int, data: bytes) -> None:
        key = await self.key()
        sealed = await asyncio.to_thread(key.seal, data, f"chunk {self.job.media_id}:{index}")
        await self.media.put(self.job, index, sealed)


@dataclass(frozen=True, slots=True)
class Worker:
    media: Media
    cases: Cases
    fetcher: Fetcher
    wake_up: WakeUp
    now: Clock
    most_files: int

    async def run(self) -> None:
        while True:
            try:
                busy = await self.run_once()
            except TransientError as fault:
                log.warning("media_put_off", why=str(fault))
                busy = False
            if not busy:
                await self.wake_up.wait(_POLL_SECONDS)

    async def run_once(self) -> bool:
        """One job, if there is one. Raises Transient; the job is then tried again when its lease ends."""
        job = await self.media.claim(LEASE)
        if job is None:
            return False
        started = time.perf_counter()
        outcome = await self._fetch_and_store(job)
        MEDIA.labels(outcome).inc()
        MEDIA_SECONDS.observe(time.perf_counter() - started)
        log.info("media", outcome=outcome, tries=job.tries)
        return True

    async def _fetch_and_store(self, job: Job) -> str:
        if await self.media.count_kept(job.case_id) >= self.most_files:
            return await self._refuse(job, "files")
        sealer = _Sealer(job, self.media, self.cases)
        try:
            fetched = await self.fetcher.fetch(job.url, job.kind, sealer.put)
            key = await sealer.key()
        except Refused as fault:
            return await self._refuse(job, str(fault))
        except Failed as fault:
            return await self._retry_later(job, str(fault))
        except _Erased:
            return "erased"
        manifest = key.seal(json.dumps(_manifest(fetched)).encode(), f"manifest {job.media_id}")
        stored = await self.media.mark_kept(job, key.number, fetched.chunks, manifest)
        return "kept" if stored else "erased"

    async def _refuse(self, job: Job, why: str) -> str:
        await self.media.end(job, "refused", why)
        return "refused"

    async def _retry_later(self, job: Job, why: str) -> str:
        due = self.now() + timedelta(seconds=WAITS[min(job.tries, len(WAITS)) - 1])
        if due > job.until:
            await self.media.end(job, "lost", why)
            return "lost"
        await self.media.postpone(job, due)
        return "later"


def _manifest(fetched: Fetched) -> dict[str, str | int]:
    return {"size": fetched.size, "sha256": fetched.sha256, "type": fetched.media_type, "chunks": fetched.chunks}
