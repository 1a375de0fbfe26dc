"""Our clock, as tests of tips move it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.doubles import NOON


@dataclass(slots=True)
class ManualClock:
    """Our clock, which stands until it is moved."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)
