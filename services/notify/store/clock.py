"""The ledger's clock is MongoDB's: all processes agree on when a claim lapses, and no step of a machine's own clock moves one."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from chassis.jobs import Job, periodic
from chassis.mongo import Database, translate_errors

_EVERY_SECONDS = 5.0
_ROUND_TRIP_MS = 500  # An answer that took longer says too little about when it was given.


def _monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _start_ms() -> int:
    """Our own clock, until MongoDB's has been asked."""
    return time.time_ns() // 1_000_000 - _monotonic_ms()


@dataclass(slots=True)
class LedgerClock:
    db: Database
    monotonic_ms: Callable[[], int] = _monotonic_ms
    _start_ms: int = field(default_factory=_start_ms)  # MongoDB's time when the monotonic clock stood at zero.
    _synchronised: bool = False

    def now_ms(self) -> int:
        return self.monotonic_ms() + self._start_ms

    async def prepare(self) -> None:
        """Before anything is claimed. Raises TransientError."""
        await self.synchronise()

    async def synchronise(self) -> None:
        """Raises TransientError."""
        asked_ms = self.monotonic_ms()
        with translate_errors():
            answer = await self.db.command("hello")
        answered_ms = self.monotonic_ms()
        if self._synchronised and answered_ms - asked_ms > _ROUND_TRIP_MS:
            return
        self._start_ms = int(answer["localTime"].timestamp() * 1_000) - (asked_ms + answered_ms) // 2
        self._synchronised = True

    def job(self) -> Job[None]:
        return periodic("ledger_clock", _EVERY_SECONDS, self.synchronise)
