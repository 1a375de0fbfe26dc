"""Circuit breakers: who keeps failing is left alone for a while, then tried again. Pure: the clock is an argument."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CircuitPolicy:
    failures: int  # In a row, before it opens.
    first_ms: int  # How long it stays open; each further failure doubles that,
    longest_ms: int  # up to this.


@dataclass(slots=True)
class CircuitBreaker:
    """Times are milliseconds of whatever clock the caller reads. `reason` says what is waited for, for metrics."""

    policy: CircuitPolicy
    until_ms: int = 0
    reason: str = ""
    failures: int = 0
    _probing: bool = False

    def is_open(self, now_ms: int) -> bool:
        return self.until_ms > now_ms

    def allow(self, now_ms: int) -> bool:
        """Returns whether to call. After an open spell only one call may try: whoever is allowed must record how it went."""
        if self._probing or self.is_open(now_ms):
            return False
        self._probing = self.failures >= self.policy.failures
        return True

    def pause(self, until_ms: int, reason: str) -> None:
        """Stay open until then, whatever is recorded meanwhile."""
        self.until_ms, self.reason = max(self.until_ms, until_ms), reason

    def record_failure(self, now_ms: int, reason: str = "unreached") -> None:
        """Calls that hang together are one failure: while it is open, further ones do not count."""
        self._probing = False
        if self.is_open(now_ms):
            return
        self.failures += 1
        over = self.failures - self.policy.failures
        if over >= 0:
            self.pause(now_ms + min(self.policy.longest_ms, self.policy.first_ms << min(over, 10)), reason)

    def record_success(self) -> None:
        self.failures, self._probing = 0, False

    def record_abandoned(self) -> None:
        """Neither: the caller ran out of time itself. The next call may try."""
        self._probing = False
