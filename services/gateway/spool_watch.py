"""What this replica knows of the spool, which all replicas share: whether it answers, how much is in it, and since when.

Straight to the broker is allowed only while the spool is known to be empty, by a look that began less than FRESH_SECONDS ago.
What a replica spools it acknowledges FRESH_SECONDS after it is durable. So whatever comes after an acknowledgement, to
whichever replica, is published by somebody who knows: it never overtakes.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import structlog

from chassis.errors import TransientError
from chassis.metrics import UP
from chassis.records import OutgoingRecord
from services.gateway.metrics import SPOOL_AGE, SPOOL_DEPTH, SPOOLED
from services.gateway.store.spool import Spool

log = structlog.get_logger()

FRESH_SECONDS = 0.3
_QUICK_SECONDS = 0.3  # Of the two that Zalo waits, spent before anything is tried.
_TRIALS = 2  # Failures in a row, after which the spool counts as away until a look succeeds.


@dataclass(slots=True)
class SpoolWatch:
    spool: Spool
    seconds: float  # For what a webhook waits for.
    limit: int
    depth: int = 0
    fresh_seconds: float = FRESH_SECONDS
    seen: bool = False  # Whether it was ever looked at: before that nothing is known.
    _answers: bool = False
    _failures: int = 0
    _looked_at: float = float("-inf")
    now: Callable[[], float] = time.monotonic

    @property
    def up(self) -> bool:
        """Whether it is worth trying: one slow answer does not close it."""
        return self.seen and self._failures < _TRIALS

    async def is_empty(self) -> bool:
        """Returns whether nothing is in it, as of a moment ago. While MongoDB does not answer, what was last known counts."""
        if self._answers and self.now() - self._looked_at >= self.fresh_seconds:
            with suppress(TransientError):
                await self.look_quickly()
        return self.depth == 0

    async def look_quickly(self) -> None:
        """See whether anything is in it, while a webhook waits. Raises TransientError."""
        with self._looking():
            self.depth = 0 if await self.spool.empty(min(self.seconds, _QUICK_SECONDS)) else max(1, self.depth)

    async def look(self) -> None:
        """See how much is in it. Raises TransientError."""
        with self._looking():
            self.depth, age = await self.spool.depth()
        UP.labels("mongo").set(1)
        SPOOL_DEPTH.set(self.depth)
        SPOOL_AGE.set(age)

    async def add(self, records: Sequence[OutgoingRecord]) -> bool:
        """Returns whether they are durable."""
        if not self.up or self.depth + len(records) > self.limit:
            return False
        try:
            await self.spool.add(records, self.seconds)
        except TransientError as fault:
            self._failed(fault)
            return False
        self._failures = 0
        self.depth += len(records)
        SPOOLED.inc(len(records))
        return True

    def removed(self, count: int) -> None:
        self.depth = max(0, self.depth - count)
        SPOOL_DEPTH.set(self.depth)

    @contextmanager
    def _looking(self) -> Iterator[None]:
        began = self.now()
        try:
            yield
        except TransientError as fault:
            self._failed(fault)
            raise
        self._looked_at, self._answers, self.seen, self._failures = began, True, True, 0

    def _failed(self, fault: TransientError) -> None:
        self._answers = False
        self._failures += 1
        if self._failures == _TRIALS:
            log.warning("spool_lost", why=str(fault))
