"""What the page says about times, sizes and ticks."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.page.words import attached, date, initial, lasting, size, snippet, tick, unacknowledged, visible, when
from sandbox.people import Message


def at(text: str) -> int:
    """Milliseconds of a UTC time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def message(**more: Any) -> Message:
    fields: dict[str, Any] = {"from_oa": False, "kind": "text", "text": "Xin chào", "at_ms": 0} | more
    return Message(1, "m1", "4100000000000000012", "c1", "7", **fields)


NOW = at("2026-11-22T03:00:00")


@pytest.mark.parametrize(
    ("moment", "heading"),
    [
        ("2026-11-21T17:00:00", "Hôm nay"),  # Midnight in Vietnam is 17:00 UTC.
        ("2026-11-21T16:59:59", "Hôm qua"),
        ("2026-11-16T03:00:00", "Thứ Hai, 16/11/2026"),
        ("2026-11-15T03:00:00", "Chủ nhật, 15/11/2026"),
    ],
)
def test_days_are_those_of_vietnam(moment: str, heading: str) -> None:
    assert date(at(moment), NOW) == heading


@pytest.mark.parametrize(
    ("moment", "shown"),
    [("2026-11-22T01:05:00", "08:05"), ("2026-11-20T01:05:00", "20/11"), ("2025-11-20T01:05:00", "20/11/2025")],
)
def test_a_conversation_shows_the_hour_today_and_the_day_before(moment: str, shown: str) -> None:
    assert when(at(moment), NOW) == shown


@pytest.mark.parametrize(("count", "shown"), [(999, "999 byte"), (54_330, "53 KB"), (8 * 1024 * 1024, "8,0 MB")])
def test_sizes_are_written_as_in_vietnam(count: int, shown: str) -> None:
    assert size(count) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0 giây"), (60, "1 phút"), (75, "1 phút 15 giây")])
def test_calls_last_minutes_and_seconds(seconds: int, shown: str) -> None:
    assert lasting(seconds) == shown


@pytest.mark.parametrize(("name", "letter"), [("Nguyễn Thị Thử", "T"), ("ánh", "Á"), ("   ", "?")])
def test_the_mark_of_a_person_is_the_first_letter_of_the_given_name(name: str, letter: str) -> None:
    assert initial(name) == letter


@pytest.mark.parametrize(
    ("given", "unheard", "said"),
    [
        ({}, False, "Đã gửi"),
        ({"received": True}, True, "OA đã nhận"),
        ({}, True, "OA chưa nhận được"),
        ({"from_oa": True}, False, "Đã gửi"),
        ({"from_oa": True, "received": True}, False, "Đã nhận"),
        ({"from_oa": True, "received": True, "seen": True}, False, "Đã xem"),
        ({"seen": True}, False, "Đã gửi"),  # Nothing tells that an OA has looked, so nothing says so.
    ],
)
def test_ticks_say_what_is_known_and_no_more(given: dict[str, Any], unheard: bool, said: str) -> None:
    assert tick(message(**given), undelivered=unheard) == said


def test_a_hidden_tap_and_what_was_withdrawn_are_not_shown() -> None:
    assert visible(message())
    assert not visible(message(kind="hidden"))
    assert not visible(message(withdrawn=True))


def test_a_snippet_is_one_short_line() -> None:
    assert snippet(message(text="Dòng một\n\n  dòng hai")) == "Dòng một dòng hai"
    assert len(snippet(message(text="dài " * 5_000))) <= 81
    assert snippet(message(kind="image", text="")) == "[Hình ảnh]"


def test_a_request_for_details_is_called_that_in_a_list() -> None:
    request = message(kind="template", text="", attachments=[{"type": "request_user_info", "payload": {}}])
    assert attached(request) == "Yêu cầu cung cấp thông tin"


@pytest.mark.parametrize(("status", "why"), [(-1, "chưa được nối"), (0, "không trả lời"), (503, "mã 503")])
def test_a_missing_acknowledgement_is_explained(status: int, why: str) -> None:
    assert why in unacknowledged(status)
