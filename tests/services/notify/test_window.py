"""Zalo's interaction window."""

from services.notify.window import CLOSED_MS, FREE_MS, HOUR_MS, Window

NOW = 2_000_000_000_000


def test_within_48_hours_it_is_open() -> None:
    assert Window().closed_reason(NOW - FREE_MS, NOW) is None


def test_beyond_48_hours_it_is_shut_unless_the_oa_pays() -> None:
    assert Window().closed_reason(NOW - FREE_MS - 1, NOW) == "window_48h"
    assert Window(CLOSED_MS).closed_reason(NOW - FREE_MS - 1, NOW) is None


def test_beyond_7_days_it_is_shut_for_everybody() -> None:
    assert Window(CLOSED_MS + HOUR_MS).closed_reason(NOW - CLOSED_MS - 1, NOW) == "window_7d"


def test_of_whom_nothing_is_known_zalo_is_asked() -> None:
    assert Window().closed_reason(0, NOW) is None
