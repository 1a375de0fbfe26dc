"""Publishes durably: straight to the broker, or through the spool while the broker is away.

What holds: within one replica a citizen's events reach the log in the order they came, whatever fails. A replica publishes
straight again only when the spool, which all replicas share, is empty; each checks twice a second. So two events of one citizen
can change places only if they reach two replicas within half a second of a change between broker and spool.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from chassis.errors import TransientError
from chassis.jobs import Job, periodic
from chassis.metrics import UP
from chassis.records import OutgoingRecord
from services.gateway.decide import Outcome
from services.gateway.metrics import DIRECT, DRAINED, FALLBACKS, SPOOL_AGE, SPOOL_DEPTH, SPOOLED
from services.gateway.store.spool import Spool

log = structlog.get_logger()

_PROBE_SECONDS = 0.5
_DRAIN_RECORDS = 500
_DRAIN_SECONDS = 20.0  # In one look.
_DRAIN_SEND_SECONDS = 5.0  # Nobody waits for this one.


class EventProducer(Protocol):
    async def send(self, records: Sequence[OutgoingRecord], timeout_seconds: float | None = None) -> None: ...

    async def probe(self, timeout_seconds: float = 2.0) -> None:
        """Raises TransientError unless the broker answers."""


@dataclass(slots=True)
class DurablePublisher:
    """Both circuit breakers in one: a dead broker costs one bounded wait, a dead MongoDB another; then nobody waits."""

    producer: EventProducer
    spool: Spool
    send_seconds: float
    spool_seconds: float
    spool_limit: int
    direct: bool = False  # Until the first check finds the spool empty.
    spool_up: bool = False
    depth: int = 0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def publish(self, records: Sequence[OutgoingRecord]) -> Outcome:
        """Publish within `say_seconds` + `spool_seconds`. Returns how it ended; an unavailable dependency raises nothing."""
        async with self._lock:
            if self.direct:
                try:
                    await self.producer.send(records, self.send_seconds)
                except TransientError as fault:
                    self._fall_back(str(fault))
                else:
                    return Outcome.ACCEPTED
            return await self._spool_all(records)

    async def _spool_all(self, records: Sequence[OutgoingRecord]) -> Outcome:
        if not self.spool_up or self.depth + len(records) > self.spool_limit:
            return Outcome.UNAVAILABLE
        try:
            await self.spool.add(records, self.spool_seconds)
        except TransientError as fault:
            self._spool_lost(str(fault))
            return Outcome.UNAVAILABLE
        self.depth += len(records)
        SPOOLED.inc(len(records))
        return Outcome.SPOOLED

    async def ready(self) -> None:
        """Raises TransientError unless a webhook that came now would be made durable."""
        if not self.direct and not self.spool_up:
            raise TransientError("neither the broker nor the spool answers")

    def job(self) -> Job[None]:
        return periodic("drain_spool", _PROBE_SECONDS, self.probe)

    async def probe(self) -> None:
        """Check broker and spool, drain the spool, and publish directly again as soon as that keeps the order."""
        try:
            self.depth, age = await self.spool.depth()
            self.spool_up = True
        except TransientError as fault:
            self._spool_lost(str(fault))
            await self._resume_direct_without_spool()
            return
        UP.labels("mongo").set(1)
        SPOOL_DEPTH.set(self.depth)
        SPOOL_AGE.set(age)
        try:
            await self._drain_and_resume()
        except TransientError as fault:
            log.info("still_away", why=str(fault))

    async def _drain_and_resume(self) -> None:
        if self.direct:
            if not await self.spool.empty():
                self._fall_back("another replica uses the spool")
            return
        await self.producer.probe()
        until = time.monotonic() + _DRAIN_SECONDS
        while await self.spool.lease() and await self._drain_batch():
            if time.monotonic() > until:
                return  # The next check goes on; a job that takes longer counts as hanging.
        async with self._lock:  # Nothing of this replica is on its way into the spool meanwhile.
            if await self.spool.empty(self.spool_seconds):
                self._resume_direct()

    async def _drain_batch(self) -> bool:
        """Publish the oldest, then delete them: a crash in between publishes them again, under the same ids."""
        waiting = await self.spool.head(_DRAIN_RECORDS)
        if not waiting:
            return False
        started = time.perf_counter()
        await self.producer.send([spooled.record for spooled in waiting], _DRAIN_SEND_SECONDS)
        await self.spool.delete(waiting)
        self.depth = max(0, self.depth - len(waiting))
        SPOOL_DEPTH.set(self.depth)
        DRAINED.inc(len(waiting))
        log.info("drained", events=len(waiting), ms=round((time.perf_counter() - started) * 1e3, 1))
        return True

    async def _resume_direct_without_spool(self) -> None:
        """MongoDB is away, so no replica can use the spool: a broker that answers is better than refusing everyone."""
        if self.direct:
            return
        try:
            await self.producer.probe()
        except TransientError:
            return
        self._resume_direct()

    def _resume_direct(self) -> None:
        self.direct = True
        DIRECT.set(1)
        log.info("publishing_directly")

    def _fall_back(self, why: str) -> None:
        self.direct = False
        DIRECT.set(0)
        FALLBACKS.inc()
        log.warning("spooling", why=why)

    def _spool_lost(self, why: str) -> None:
        if self.spool_up:
            log.warning("spool_lost", why=why)
        self.spool_up = False
