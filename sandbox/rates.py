"""Calls per minute, per app and per OA. Fixed windows of a minute, stated in every reply as X-RateLimit-*."""

from dataclasses import dataclass, field

from sandbox.clock import MINUTE_MS

UNLIMITED = 1_000_000


@dataclass(slots=True)
class Rates:
    """A limit of 0 means none: a laptop must be able to show an exam day."""

    app_per_minute: int = 0
    oa_per_minute: int = 0
    _minute: int = 0
    _used: dict[str, int] = field(default_factory=dict)

    def count_call(self, app_id: str, oa_id: str, now_ms: int) -> tuple[int, int, bool]:
        """Count one call. Return the narrower limit, what remains of it, and whether the call may pass."""
        minute = now_ms // MINUTE_MS
        if minute != self._minute:
            self._minute, self._used = minute, {}
        limit, remain = UNLIMITED, UNLIMITED
        for key, most in (("a" + app_id, self.app_per_minute), ("o" + oa_id, self.oa_per_minute)):
            if most:
                used = self._used[key] = self._used.get(key, 0) + 1
                if most - used < remain:
                    limit, remain = most, most - used
        return limit, max(0, remain), remain >= 0
