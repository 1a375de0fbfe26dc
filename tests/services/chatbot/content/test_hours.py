"""Opening hours and slots, in Vietnam's time whatever the clock of the machine."""

from datetime import UTC, date, datetime

import pytest

from chassis.clock import VIETNAM
from services.chatbot.content.hours import Span, in_words
from services.chatbot.content.hours import is_open as open_by_hours
from services.chatbot.content.slots import bookable, days, next_opening, open_now, slots_on
from tests.services.chatbot.content.content_files import content

HERE = content()
SERVICE, CALENDAR = HERE.services["dl_the"], HERE.calendar
HOURS = HERE.packs["phuong"].hours
MONDAY, FRIDAY, SATURDAY = date(2026, 12, 28), date(2027, 1, 8), date(2027, 1, 9)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)


def times(day: date) -> list[str]:
    return [f"{slot.starts:%H:%M}" for slot in slots_on(SERVICE, CALENDAR, day)]


def test_slots_fill_the_hours_of_the_day() -> None:
    assert times(MONDAY) == ["07:30", "08:00"]
    assert times(FRIDAY) == ["07:30", "08:00", "13:30"]


def test_nobody_is_booked_on_a_sunday_or_a_holiday() -> None:
    assert times(date(2027, 1, 10)) == times(date(2026, 12, 31)) == times(date(2027, 1, 1)) == []


def test_a_saturday_made_up_for_is_served_like_a_friday() -> None:
    assert times(SATURDAY) == times(FRIDAY)


def test_a_slot_too_soon_is_not_offered() -> None:
    assert [f"{slot.starts:%H:%M}" for slot in bookable(SERVICE, CALENDAR, at(MONDAY, 5, 45), MONDAY)] == ["08:00"]


def test_a_day_beyond_the_horizon_is_not_offered() -> None:
    assert bookable(SERVICE, CALENDAR, at(MONDAY, 9), date(2027, 1, 4))
    assert bookable(SERVICE, CALENDAR, at(MONDAY, 9), date(2027, 1, 5)) == ()


def test_days_on_offer_leave_out_what_is_past_full_closed_or_holiday() -> None:
    offered = list(days(SERVICE, CALENDAR, at(MONDAY, 9)))
    assert offered == [date(2026, 12, 29), date(2026, 12, 30), date(2027, 1, 4)]


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        (at(MONDAY, 7, 29), False),
        (at(MONDAY, 7, 30), True),
        (at(MONDAY, 11, 30), False),
        (at(SATURDAY, 8), True),
        (at(date(2027, 1, 1), 8), False),
        (datetime(2026, 12, 28, 1, 0, tzinfo=UTC), True),  # 08:00 in Vietnam.
    ],
)
def test_somebody_is_there_within_the_hours_and_on_no_holiday(when: datetime, *, is_open: bool) -> None:
    assert open_now(HOURS, CALENDAR, when) is is_open


def test_after_the_last_day_before_a_holiday_the_next_opening_is_after_it() -> None:
    assert next_opening(HOURS, CALENDAR, at(date(2026, 12, 30), 18)) == at(date(2027, 1, 4), 7, 30)
    assert next_opening(HOURS, CALENDAR, at(MONDAY, 12)) == at(MONDAY, 13, 30)


def test_hours_are_said_in_words() -> None:
    assert in_words(HOURS) == "Thứ Hai - Thứ Sáu 07:30-11:30, 13:30-17:00"
    assert str(HOURS[0]) == "T2-T6 07:30-11:30"


@pytest.mark.parametrize(
    "text", ["", "T8 07:00-08:00", "T6-T2 07:00-08:00", "T2 09:00-08:00", "T2 24:30-25:00", "T2 7:00-8:00"]
)
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="«"):
        Span.parse(text)


def test_who_never_closes_is_open_until_the_very_end_of_the_day() -> None:
    always = [Span.parse("T2-CN 00:00-24:00")]
    assert open_by_hours(always, datetime(2026, 11, 22, 23, 59, 59, tzinfo=VIETNAM))
    assert open_by_hours(always, datetime(2026, 11, 23, 0, 0, tzinfo=VIETNAM))
    assert str(always[0]) == "T2-CN 00:00-24:00"
    assert in_words(always) == "Thứ Hai - Chủ nhật 00:00-24:00"


@pytest.mark.parametrize("text", ["T2 24:00-24:00", "T2 24:30-24:00", "T2 07:00-25:00"])
def test_a_day_does_not_begin_at_its_end(text: str) -> None:
    with pytest.raises(ValueError, match="giờ"):
        Span.parse(text)
