"""The sandbox's own time. A control call moves it, so that 48 hours or 7 days pass at once."""

import time
from datetime import UTC, datetime

from chassis.clock import VIETNAM

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class Clock:
    """Milliseconds since 1970, plus an offset that only ever comes from a control call."""

    __slots__ = ("offset_ms",)

    def __init__(self, offset_seconds: float = 0) -> None:
        self.offset_ms = int(offset_seconds * 1000)

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.offset_ms

    def local(self) -> datetime:
        """Vietnam's wall clock: quiet hours and daily quotas follow it."""
        return local(self.now_ms())


def local(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(VIETNAM)


def day(at_ms: int) -> str:
    """The Vietnamese day as YYYY-MM-DD, on which daily quotas turn over."""
    return local(at_ms).strftime("%Y-%m-%d")


def night(at_ms: int) -> bool:
    """22:00 to 06:00, when promotion may not be sent."""
    hour = local(at_ms).hour
    return hour >= 22 or hour < 6  # noqa: PLR2004  The platform's own two hours.
