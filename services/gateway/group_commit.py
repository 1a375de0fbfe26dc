"""Group commit: everything that waits is made durable in one batch, then all of it is answered.

While one batch is on its way to the broker, the next one gathers. So one webhook alone waits for nobody, and under load the
price of durability is shared by all that arrived meanwhile.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from chassis.records import OutgoingRecord
from services.gateway.decide import Outcome
from services.gateway.metrics import BATCH, WAITING

log = structlog.get_logger()

PublishBatch = Callable[[Sequence[OutgoingRecord], Sequence[OutgoingRecord]], Awaitable[Outcome]]
"""ACCEPTED, SPOOLED or UNAVAILABLE; never raises for an unavailable dependency, and is bounded in time.

The second are announcements, to be durable before any of the first: of a floor that moves because of one of these.
"""


class RecentIds:
    """Ids known to be durable: a fast answer to a doubled delivery. Forgetting one costs nothing but work."""

    def __init__(self, most: int = 65_536) -> None:
        """Remembers `most` at least, and twice as many at most: two halves, of which the older goes at once."""
        self._most = most
        self._newer, self._older = set[int](), set[int]()  # Plain numbers: the garbage collector need not look at them.

    def __contains__(self, event_id: int) -> bool:
        return event_id in self._newer or event_id in self._older

    def add(self, event_ids: Iterable[int]) -> None:
        self._newer.update(event_ids)
        if len(self._newer) > self._most:
            self._older, self._newer = self._newer, set()


@dataclass(slots=True)
class _Batch:
    outcome: "asyncio.Future[Outcome]"
    records: dict[int, OutgoingRecord] = field(default_factory=dict)  # By their event's id, as a number.
    announcements: list[OutgoingRecord] = field(default_factory=list)


@dataclass(slots=True)
class GroupCommit:
    publish: PublishBatch
    limit: int
    settle_seconds: float = 0.0  # How long what is spooled waits for its answer: until other replicas know of it.
    recent: RecentIds = field(default_factory=RecentIds)
    _collecting: _Batch | None = None
    _in_flight: _Batch | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit(
        self, event_id: UUID, record: OutgoingRecord, announcement: OutgoingRecord | None = None
    ) -> Outcome:
        """Returns how it ended. A repeat of what is durable or in flight costs nothing; SHED when too many wait."""
        key = event_id.int
        if key in self.recent:
            return Outcome.REPEAT
        in_flight, batch = self._in_flight, self._collecting
        if in_flight is not None and key in in_flight.records:
            return _as_repeat(await asyncio.shield(in_flight.outcome))
        if batch is None:
            batch = self._collecting = _Batch(asyncio.get_running_loop().create_future())
            self._wake.set()
        elif key in batch.records:
            return _as_repeat(await asyncio.shield(batch.outcome))
        elif len(batch.records) >= self.limit:
            return Outcome.SHED
        batch.records[key] = record
        if announcement is not None:
            batch.announcements.append(announcement)
        return await batch.outcome  # One future for all of the batch.

    async def run(self) -> None:
        """Flush until stopped."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._flush()

    async def _flush(self) -> None:
        batch, self._collecting = self._collecting, None
        if batch is None:
            return
        self._in_flight = batch
        WAITING.set(len(batch.records))
        started = time.perf_counter()
        outcome = Outcome.UNAVAILABLE
        try:
            outcome = await self.publish(list(batch.records.values()), batch.announcements)
        except Exception:  # A bug of ours costs this batch a retry by Zalo; the next batch must not wait for a restart.
            log.exception("batch_not_published", events=len(batch.records))
        finally:
            self._in_flight = None
            if outcome is Outcome.SPOOLED and self.settle_seconds:  # The next batch need not wait for it.
                asyncio.get_running_loop().call_later(self.settle_seconds, self._answer, batch, outcome)
            else:
                self._answer(batch, outcome)
        BATCH.observe(len(batch.records))
        log.info(
            "flush", events=len(batch.records), outcome=outcome, ms=round((time.perf_counter() - started) * 1e3, 1)
        )

    def _answer(self, batch: _Batch, outcome: Outcome) -> None:
        if outcome is not Outcome.UNAVAILABLE:
            self.recent.add(batch.records)
        if not batch.outcome.done():
            batch.outcome.set_result(outcome)


def _as_repeat(first: Outcome) -> Outcome:
    return first if first is Outcome.UNAVAILABLE else Outcome.REPEAT
