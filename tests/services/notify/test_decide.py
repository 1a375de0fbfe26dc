"""What follows from each answer of Zalo's."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.clock import VIETNAM
from services.notify.decide import (
    REMEDIES,
    Ended,
    Refresh,
    Remedy,
    Retry,
    Reupload,
    Sent,
    Situation,
    backoff_ms,
    decide,
    next_morning_ms,
)
from services.notify.delivery import Status
from services.notify.zalo.answer import Refused, Taken, Unknown, Unreached

NOW = int(datetime(2026, 3, 2, 15, 30, 20, tzinfo=UTC).timestamp() * 1_000)  # 22:30:20 in Vietnam.
HOUR = 3_600_000


def situation(**more: Any) -> Situation:
    defaults = {"now_ms": NOW, "deadline_ms": NOW + 48 * HOUR, "attempts": 1, "max_attempts": 12, "dice": 0.5}
    return Situation(**defaults | more)


def test_taken_is_sent_under_zalos_id() -> None:
    assert decide(Taken({"message_id": "m-1"}), situation()) == Sent("m-1")


@pytest.mark.parametrize("code", [-216, -220])
def test_a_dead_token_is_refreshed(code: int) -> None:
    assert decide(Refused(code), situation()) == Refresh(code)


def test_a_lapsed_picture_is_uploaded_again() -> None:
    assert decide(Refused(-100), situation()) == Reupload(-100)


def test_the_rate_limit_holds_the_oa_until_the_next_minute_and_costs_no_attempt() -> None:
    outcome = decide(Refused(-32), situation())
    assert isinstance(outcome, Retry)
    assert (outcome.counted, outcome.pause_reason) == (False, "rate_limited")
    assert 40_000 <= outcome.at_ms - NOW <= 42_000


def test_retry_after_is_honoured() -> None:
    outcome = decide(Refused(-32, retry_after_s=7), situation())
    assert isinstance(outcome, Retry)
    assert 7_000 <= outcome.at_ms - NOW <= 7_700
    outcome = decide(Refused(-200, retry_after_s=30), situation())
    assert isinstance(outcome, Retry)
    assert outcome.at_ms - NOW >= 30_000


@pytest.mark.parametrize("code", [-201, -210, -213, -217, -227, -233, -244, -248, -249])
def test_what_can_never_reach_this_citizen_fails_at_once(code: int) -> None:
    assert decide(Refused(code), situation()) == Ended(Status.FAILED, code, "refused")


@pytest.mark.parametrize("code", [-230, -232])
def test_a_closed_window_is_nobodys_failure(code: int) -> None:
    assert decide(Refused(code), situation()) == Ended(Status.SUPPRESSED, code, "refused")


@pytest.mark.parametrize("code", [-204, -205, -209, -212, -219, -221, -223, -224, -235, -240, -242, -320, -403, -1340])
def test_what_a_person_must_put_right_holds_the_whole_oa(code: int) -> None:
    outcome = decide(Refused(code), situation())
    assert isinstance(outcome, Retry)
    assert (outcome.counted, outcome.pause_reason, outcome.code) == (False, "needs_person", code)


@pytest.mark.parametrize("code", [-211, -321])
def test_an_empty_purse_holds_the_whole_oa_for_longer(code: int) -> None:
    outcome = decide(Refused(code), situation())
    assert isinstance(outcome, Retry)
    assert outcome.pause_reason == "needs_money"
    assert outcome.at_ms - NOW >= 900_000


@pytest.mark.parametrize("code", [-218, -234])
def test_what_may_not_go_at_night_goes_in_the_morning(code: int) -> None:
    outcome = decide(Refused(code), situation())
    assert isinstance(outcome, Retry)
    morning = datetime.fromtimestamp(outcome.at_ms / 1_000, UTC).astimezone(VIETNAM)
    assert (morning.day, morning.hour) == (3, 6)
    assert morning.minute < 30


def test_a_failed_send_is_tried_a_few_times_with_growing_waits() -> None:
    waits = [decide(Refused(-200), situation(attempts=attempt)) for attempt in (1, 2, 3)]
    assert [outcome.at_ms - NOW for outcome in waits if isinstance(outcome, Retry)] == [1_000, 2_000, 4_000]
    assert decide(Refused(-200), situation(attempts=4)) == Ended(Status.FAILED, -200, "attempts")


def test_a_code_in_no_table_is_given_three_tries() -> None:
    assert isinstance(decide(Refused(-9999), situation(attempts=2)), Retry)
    assert decide(Refused(-9999), situation(attempts=3)) == Ended(Status.FAILED, -9999, "attempts")


def test_a_call_that_never_left_costs_no_attempt() -> None:
    outcome = decide(Unreached(), situation())
    assert isinstance(outcome, Retry)
    assert (outcome.counted, outcome.uncertain, outcome.pause_reason) == (False, False, "unreached")


def test_an_unanswered_call_is_uncertain_even_past_the_deadline() -> None:
    outcome = decide(Unknown(), situation(deadline_ms=NOW))
    assert isinstance(outcome, Retry)
    assert outcome.uncertain
    assert outcome.at_ms - NOW >= 3_000
    assert outcome.uncertain_until_ms - NOW == 3_000


def test_a_call_that_ran_out_of_time_is_uncertain_for_longer() -> None:
    """Zalo is slow: it may take the call long after we have given it up."""
    outcome = decide(Unknown(late=True), situation())
    assert isinstance(outcome, Retry)
    assert outcome.at_ms - NOW < 10_000, "it is asked early, for most have arrived"
    assert outcome.uncertain_until_ms - NOW == 30_000


def test_what_would_go_after_its_deadline_has_expired() -> None:
    outcome = decide(Refused(-234), situation(deadline_ms=NOW + HOUR))
    assert outcome == Ended(Status.EXPIRED, -234, "too_late")


def test_every_code_has_exactly_one_remedy_and_an_outcome() -> None:
    for code, remedy in REMEDIES.items():
        assert decide(Refused(code), situation()), (code, remedy)
    assert set(REMEDIES.values()) == set(Remedy)


@given(attempts=st.integers(0, 10_000), dice=st.floats(0, 1))
def test_waits_are_bounded_and_never_in_step(attempts: int, dice: float) -> None:
    assert 500 <= backoff_ms(attempts, dice) <= 450_000


@given(now=st.integers(0, 4_000_000_000_000), dice=st.floats(0, 1, exclude_max=True))
def test_the_morning_is_always_ahead_and_within_a_day(now: int, dice: float) -> None:
    wait = next_morning_ms(now, dice) - now
    assert 0 < wait <= 24 * HOUR + HOUR // 2
