"""A circuit breaker: a source that keeps failing is left alone for a while, then tried with one question."""

import time
from collections.abc import Callable
from dataclasses import dataclass

FAILURES = 5  # In a row.
OPEN_SECONDS = 10.0


@dataclass(slots=True)
class CircuitBreaker:
    now: Callable[[], float] = time.monotonic
    _failures: int = 0
    _opened_at: float | None = None
    _probing: bool = False

    def allow(self) -> bool:
        """Whether to ask. Half open, one may: who was allowed has to tell how it went."""
        if self._opened_at is None:
            return True
        if self._probing or self.now() - self._opened_at < OPEN_SECONDS:
            return False
        self._probing = True
        return True

    def record_success(self) -> None:
        self._failures, self._opened_at, self._probing = 0, None, False

    def record_failure(self) -> None:
        self._failures += 1
        if self._probing or self._failures >= FAILURES:
            self._opened_at, self._probing = self.now(), False

    def record_abandoned(self) -> None:
        """Neither: we ran out of time ourselves. The next one may try."""
        self._probing = False

    @property
    def is_open(self) -> bool:
        return self._opened_at is not None
