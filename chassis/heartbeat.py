"""A heartbeat that means *still making progress*, not *still running*."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from chassis.metrics import LOOP_LAG


@dataclass(slots=True)
class Heartbeat:
    limit_seconds: float = 150  # Longer than a batch with all its retries, so an outage does not look like a hang.
    now: Callable[[], float] = time.monotonic
    _last: float = field(default_factory=time.monotonic)

    def beat(self, pause_seconds: float = 0) -> None:
        """Record progress. A pause of `pause_seconds` to come does not count as hanging."""
        self._last = self.now() + pause_seconds

    def alive(self) -> bool:
        return self.now() - self._last < self.limit_seconds


async def watch_event_loop(every_seconds: float = 0.5) -> None:
    """Measure how late the event loop wakes up: what blocks it also delays heartbeats and webhook answers."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(every_seconds)
        LOOP_LAG.observe(max(0.0, time.perf_counter() - before - every_seconds))
