"""Days and hours as people type them."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.text import normalise
from services.chatbot.dialogue.parsing import read_day, read_time

SUMMER = date(2028, 7, 1)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("25/12", date(2028, 12, 25)),
        ("ngày 5-1 nhé", date(2029, 1, 5)),
        ("1/7", SUMMER),
        ("2028-07-02", date(2028, 7, 2)),
        ("3/3/2030", date(2030, 3, 3)),
        ("Mai", date(2028, 7, 2)),
        ("hôm nay", SUMMER),
        ("31/2", None),
        ("1/7/0000", None),
        ("²/①", None),
        ("chiều", None),
    ],
)
def test_a_day_is_read_as_typed_and_one_that_is_past_is_meant_next_year(typed: str, day: date | None) -> None:
    assert read_day(typed, SUMMER) == day


def test_29_february_that_is_past_is_no_day_of_the_next_year() -> None:
    assert read_day("29/2", SUMMER) is None
    assert read_day("29/2", date(2028, 2, 29)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("8h30", time(8, 30)), ("14 giờ", time(14)), ("9:05", time(9, 5)), ("25h", None), ("8h75", None), ("²h", None)],
)
def test_an_hour_is_read_as_typed(typed: str, hour: time | None) -> None:
    assert read_time(typed) == hour


@given(st.text(st.sampled_from("0123456789/-.:hgT W²①٣３ maigiờ")))
def test_no_text_makes_reading_a_day_or_an_hour_fail(text: str) -> None:
    for read in (text, normalise(text)):
        read_day(read, date(2028, 2, 29))
        read_time(read)
