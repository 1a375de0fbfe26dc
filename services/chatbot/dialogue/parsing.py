"""Parses dates and hours as people type them, and words them."""

import re
from datetime import date, time, timedelta

from contracts.text import fold, read_number

NINE = time(9, 0)
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_DAY = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?", re.ASCII)
_TIME = re.compile(r"(\d{1,2})\s*(?:h|:|giờ|g)\s*(\d{2})?", re.ASCII)
_YES = {"co", "dong y", "ok", "oke", "okie", "dung", "dung roi", "xac nhan", "vang", "da", "u", "chot", "yes"}
_NO = {"khong", "ko", "k", "thoi", "khac", "khong dong y", "no"}


def day_in_words(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day:%d/%m}"


def read_day(text: str, today: date) -> date | None:
    """`25/12`, `25-12-2026`, `2026-12-25`, `mai`, `hôm nay`. A day that is past this year is meant in the next."""
    typed = fold(text)
    if typed in {"mai", "ngay mai"}:
        return today + timedelta(days=1)
    if typed in {"hom nay", "nay"}:
        return today
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        pass
    match = _DAY.search(text)
    if match is None:
        return None
    day, month, year = (read_number(part or "") for part in match.groups())
    return _day(day, month, year) if year is not None else _next(day, month, today)


def _day(day: int | None, month: int | None, year: int) -> date | None:
    try:
        return date(year, month or 0, day or 0)
    except ValueError:
        return None


def _next(day: int | None, month: int | None, today: date) -> date | None:
    """The next such day, within a year: of 29 February there may be none."""
    this_year, next_year = (_day(day, month, year) for year in (today.year, today.year + 1))
    return this_year if this_year is not None and this_year >= today else next_year


def read_time(text: str) -> time | None:
    match = _TIME.search(text.casefold())
    hour, minute = (read_number(match[1]), read_number(match[2] or "0")) if match else (None, None)
    try:
        return None if hour is None or minute is None else time(hour, minute)
    except ValueError:
        return None


def yes_or_no(text: str) -> bool | None:
    typed = fold(text).strip(" .!")
    return True if typed in _YES else False if typed in _NO else None
