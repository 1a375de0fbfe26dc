"""Publishes durably: straight to the broker, or through the spool while the broker is away.

What holds: a citizen's events reach the log in the order in which they were acknowledged, whatever fails and whichever replicas
they came to (spool_watch.py says how). The one exception: MongoDB answers one replica and not the other, while the broker
does the reverse.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from chassis.errors import TransientError
from chassis.jobs import Job, periodic
from chassis.records import OutgoingRecord
from contracts.gateway import FloorMoved
from services.gateway.decide import Outcome
from services.gateway.metrics import DIRECT, DRAINED, FALLBACKS
from services.gateway.spool_watch import SpoolWatch

log = structlog.get_logger()

_PROBE_SECONDS = 0.2  # Below FRESH_SECONDS: then no webhook has to look for itself.
_DRAIN_RECORDS = 500
_DRAIN_SECONDS = 20.0  # In one look.
_DRAIN_SEND_SECONDS = 5.0  # Nobody waits for this one.
_LEAST_SEND_SECONDS = 0.05
_MOVED = FloorMoved.model_fields["type"].default.encode()


class EventProducer(Protocol):
    async def send(self, records: Sequence[OutgoingRecord], timeout_seconds: float | None = None) -> None: ...

    async def probe(self, timeout_seconds: float = 2.0) -> None:
        """Raises TransientError unless the broker answers."""


@dataclass(slots=True)
class DurablePublisher:
    """The broker has `send_seconds` alone, then both ways are on trial. A dead broker costs one such wait; then nobody waits."""

    producer: EventProducer
    watch: SpoolWatch
    send_seconds: float
    direct: bool = False  # Until the first check finds the spool empty.
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def publish(self, records: Sequence[OutgoingRecord], announcements: Sequence[OutgoingRecord] = ()) -> Outcome:
        """Publish, in a bounded time: see `say_seconds`. Announcements come first: they are on the log before the records are.

        An unavailable dependency raises nothing.
        What is SPOOLED may be acknowledged `watch.fresh_seconds` later: until then other replicas may not know of it.
        """
        async with self._lock:
            if self.direct and not await self.watch.is_empty():
                self._fall_back("another replica uses the spool")
            if self.direct:
                return await self._publish_directly(records, announcements)
            return await self._add([*announcements, *records])

    async def _publish_directly(
        self, records: Sequence[OutgoingRecord], announcements: Sequence[OutgoingRecord]
    ) -> Outcome:
        sending = asyncio.ensure_future(self._send(records, announcements))
        try:
            await asyncio.wait((sending,), timeout=self.send_seconds)
            if sending.done() and sending.exception() is None:
                return Outcome.ACCEPTED
            return await self._fall_back_and_race(sending, [*announcements, *records])
        finally:
            sending.cancel()

    async def _send(self, records: Sequence[OutgoingRecord], announcements: Sequence[OutgoingRecord]) -> None:
        limit, began = self.send_seconds + self.watch.seconds, time.monotonic()
        if announcements:
            await self.producer.send(announcements, limit)
        await self.producer.send(records, max(_LEAST_SEND_SECONDS, limit - (time.monotonic() - began)))

    async def _fall_back_and_race(self, sending: "asyncio.Future[None]", records: Sequence[OutgoingRecord]) -> Outcome:
        """The first of the two that has them decides. Both may: then they are on the log twice, under the same ids."""
        self._fall_back(_why(sending))
        adding = asyncio.ensure_future(self._add(records))
        try:
            await asyncio.wait((sending, adding), return_when=asyncio.FIRST_COMPLETED)
            if not (adding.done() and adding.result() is Outcome.SPOOLED) and await _succeeds(sending):
                return Outcome.ACCEPTED
            return await adding
        finally:
            adding.cancel()

    async def _add(self, records: Sequence[OutgoingRecord]) -> Outcome:
        return Outcome.SPOOLED if await self.watch.add(records) else Outcome.UNAVAILABLE

    async def ready(self) -> None:
        """Raises TransientError unless a webhook that came now would be made durable."""
        if not self.direct and not self.watch.up:
            raise TransientError("neither the broker nor the spool answers")

    def job(self) -> Job[None]:
        return periodic("drain_spool", _PROBE_SECONDS, self.probe)

    async def probe(self) -> None:
        """Check broker and spool, drain the spool, and publish directly again as soon as that keeps the order."""
        try:
            await self.watch.look()
        except TransientError:
            await self._resume_direct_without_spool()
            return
        try:
            await self._drain_and_resume()
        except TransientError as fault:
            log.info("still_away", why=str(fault))

    async def _drain_and_resume(self) -> None:
        if self.direct:
            if self.watch.depth:
                self._fall_back("another replica uses the spool")
            return
        await self.producer.probe()
        until = time.monotonic() + _DRAIN_SECONDS
        while await self.watch.spool.lease() and await self._drain_batch():
            if time.monotonic() > until:
                return  # The next check goes on; a job that takes longer counts as hanging.
        async with self._lock:  # Nothing of this replica is on its way into the spool meanwhile.
            await self.watch.look_quickly()
            if not self.watch.depth:
                self._resume_direct()

    async def _drain_batch(self) -> bool:
        """Publish the oldest, then delete them: a crash in between publishes them again, under the same ids."""
        waiting = await self.watch.spool.head(_DRAIN_RECORDS)
        if not waiting:
            return False
        started = time.perf_counter()
        records = [spooled.record for spooled in waiting]
        moves = [record for record in records if record.headers.get("ce_type") == _MOVED]
        await self.producer.send(moves, _DRAIN_SEND_SECONDS)
        rest = [record for record in records if record.headers.get("ce_type") != _MOVED]
        await self.producer.send(rest, _DRAIN_SEND_SECONDS)
        await self.watch.spool.delete(waiting)
        self.watch.removed(len(waiting))
        DRAINED.inc(len(waiting))
        log.info("drained", events=len(waiting), ms=round((time.perf_counter() - started) * 1e3, 1))
        return True

    async def _resume_direct_without_spool(self) -> None:
        """No replica can use the spool while MongoDB is away: a broker that answers will do, if nothing waits there."""
        if self.direct or not self.watch.seen or self.watch.depth:
            return  # What waits in the spool must not be overtaken: 503, until MongoDB is back.
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


async def _succeeds(sending: "asyncio.Future[None]") -> bool:
    """Raises what is no unavailable dependency."""
    try:
        await sending
    except TransientError:
        return False
    return True


def _why(sending: "asyncio.Future[None]") -> str:
    fault = sending.exception() if sending.done() else None
    return str(fault) if isinstance(fault, TransientError) else type(fault).__name__ if fault else "the broker is slow"
