"""Opening hours as an editor writes them (`T2-T6 07:30-11:30`), and what follows from them. Local time of Vietnam."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated

from pydantic import BeforeValidator, Field

from chassis.clock import VIETNAM

DAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_SPAN = re.compile(r"(T[2-7]|CN)(?:-(T[2-7]|CN))? ([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9])")
MIDNIGHT = time.max  # What `24:00` means: until the day is over, for offices that never close.


@dataclass(frozen=True, slots=True)
class Span:
    """Opening hours on some days of the week, as date.weekday() counts them: from `opens` until just before `closes`."""

    days: tuple[int, ...]
    opens: time
    closes: time

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Returns the hours an editor wrote as `T2-T6 07:30-11:30`. Raises ValueError, in Vietnamese, on anything else."""
        matched = _SPAN.fullmatch(text.strip())
        if matched is None:
            raise ValueError(f"«{text[:40]}» không đúng dạng «T2-T6 07:30-11:30»")
        first, last, opens, closes = matched.groups()
        low, high = DAYS.index(first), DAYS.index(last or first)
        try:
            span = cls(tuple(range(low, high + 1)), time.fromisoformat(opens), _closing(closes))
        except ValueError:
            raise ValueError(f"«{text[:40]}» có giờ không tồn tại") from None
        if low > high or span.opens >= span.closes:
            raise ValueError(f"«{text[:40]}» có ngày hoặc giờ kết thúc trước lúc bắt đầu")
        return span

    def __str__(self) -> str:
        days = DAYS[self.days[0]] if len(self.days) == 1 else f"{DAYS[self.days[0]]}-{DAYS[self.days[-1]]}"
        return f"{days} {self.times}"

    @property
    def times(self) -> str:
        """Returns the hours without the days: `07:30-11:30`."""
        closes = "24:00" if self.closes == MIDNIGHT else f"{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}-{closes}"


def _closing(text: str) -> time:
    return MIDNIGHT if text == "24:00" else time.fromisoformat(text)


def _spans(value: object) -> object:
    if isinstance(value, list):
        return tuple(Span.parse(item) if isinstance(item, str) else item for item in value)
    return value


Hours = Annotated[tuple[Span, ...], BeforeValidator(_spans), Field(min_length=1, max_length=14)]


def spans_on(hours: Iterable[Span], day: date) -> tuple[Span, ...]:
    """Returns the opening hours of a day, earliest first."""
    return tuple(sorted((span for span in hours if day.weekday() in span.days), key=lambda span: span.opens))


def is_open(hours: Iterable[Span], when: datetime) -> bool:
    """Returns whether the hours include `when`, any aware time. Holidays are not considered (see models.service.Calendar)."""
    local = when.astimezone(VIETNAM)
    return any(span.opens <= local.time() < span.closes for span in spans_on(hours, local.date()))


def in_words(hours: Iterable[Span]) -> str:
    """Returns the hours in Vietnamese: `Thứ Hai - Thứ Sáu 07:30-11:30, 13:30-17:00; Thứ Bảy 07:30-11:30`."""
    names = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
    by_days: dict[tuple[int, ...], list[str]] = {}
    for span in hours:
        by_days.setdefault(span.days, []).append(span.times)
    descriptions = []
    for days, times in by_days.items():
        label = names[days[0]] if len(days) == 1 else f"{names[days[0]]} - {names[days[-1]]}"
        descriptions.append(f"{label} {', '.join(times)}")
    return "; ".join(descriptions)
