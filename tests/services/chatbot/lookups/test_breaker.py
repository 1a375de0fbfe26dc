"""A source that keeps failing is left alone for ten seconds, then tried with one question."""

from dataclasses import dataclass

from services.chatbot.lookups.breaker import FAILURES, OPEN_SECONDS, CircuitBreaker


@dataclass
class Clock:
    at: float = 100.0

    def __call__(self) -> float:
        return self.at


def broken(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(clock)
    for _ in range(FAILURES):
        breaker.record_failure()
    return breaker


def test_four_failures_are_bad_luck_and_a_success_starts_the_count_anew() -> None:
    breaker = CircuitBreaker(Clock())
    for _ in range(FAILURES - 1):
        breaker.record_failure()
    breaker.record_success()
    for _ in range(FAILURES - 1):
        breaker.record_failure()
    assert breaker.allow()


def test_the_fifth_in_a_row_opens_it() -> None:
    breaker = broken(Clock())
    assert breaker.is_open
    assert not breaker.allow()


def test_after_ten_seconds_one_question_may_try() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.at += OPEN_SECONDS
    assert breaker.allow()
    assert not breaker.allow(), "and only one"


def test_a_good_try_closes_it_and_a_bad_one_opens_it_for_ten_more_seconds() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.at += OPEN_SECONDS
    assert breaker.allow()
    breaker.record_failure()
    assert not breaker.allow()
    clock.at += OPEN_SECONDS
    assert breaker.allow()
    breaker.record_success()
    assert breaker.allow()
    assert not breaker.is_open


def test_a_try_that_was_given_up_leaves_room_for_the_next() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.at += OPEN_SECONDS
    assert breaker.allow()
    breaker.record_abandoned()
    assert breaker.allow()
