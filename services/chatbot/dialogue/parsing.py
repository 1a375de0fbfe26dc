"""Parses dates and hours as people type them, and words them."""

import re
from datetime import date, time, timedelta

from contracts.text import fold

NINE = time(9, 0)
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_DAY = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?")
_TIME = re.compile(r"(\d{1,2})\s*(?:h|:|giờ|g)\s*(\d{2})?")
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
        return date.fromisoformat(typed)
    except ValueError:
        pass
    match = _DAY.search(typed)
    if match is None:
        return None
    try:
        day = date(int(match[3] or today.year), int(match[2]), int(match[1]))
    except ValueError:
        return None
    return day if match[3] or day >= today else day.replace(year=day.year + 1)


def read_time(text: str) -> time | None:
    match = _TIME.search(text.casefold())
    try:
        return time(int(match[1]), int(match[2] or 0)) if match else None
    except ValueError:
        return None


def yes_or_no(text: str) -> bool | None:
    typed = fold(text).strip(" .!")
    return True if typed in _YES else False if typed in _NO else None
