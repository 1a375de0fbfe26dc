"""Who keeps failing is left alone for growing spells, then tried with one call."""

from chassis.circuit import CircuitBreaker, CircuitPolicy

POLICY = CircuitPolicy(failures=5, first_ms=1_000, longest_ms=60_000)


def opened_at(now_ms: int) -> CircuitBreaker:
    breaker = CircuitBreaker(POLICY)
    for _ in range(POLICY.failures):
        breaker.record_failure(now_ms)
    return breaker


def test_four_failures_are_bad_luck_and_a_success_starts_the_count_anew() -> None:
    breaker = CircuitBreaker(POLICY)
    for _ in range(POLICY.failures - 1):
        breaker.record_failure(0)
    breaker.record_success()
    for _ in range(POLICY.failures - 1):
        breaker.record_failure(0)
    assert breaker.allow(0)


def test_the_fifth_in_a_row_opens_it() -> None:
    breaker = opened_at(0)
    assert breaker.is_open(0)
    assert not breaker.allow(999)


def test_after_its_spell_one_call_may_try() -> None:
    breaker = opened_at(0)
    assert breaker.allow(1_000)
    assert not breaker.allow(1_000), "and only one"


def test_a_good_try_closes_it_and_a_bad_one_opens_it_for_twice_as_long() -> None:
    breaker = opened_at(0)
    assert breaker.allow(1_000)
    breaker.record_failure(1_000)
    assert not breaker.allow(2_999)
    assert breaker.allow(3_000)
    breaker.record_success()
    assert breaker.allow(3_000)
    assert breaker.allow(3_000)


def test_a_try_that_was_given_up_leaves_room_for_the_next() -> None:
    breaker = opened_at(0)
    assert breaker.allow(1_000)
    breaker.record_abandoned()
    assert breaker.allow(1_000)


def test_no_spell_is_longer_than_the_longest() -> None:
    breaker, now = opened_at(0), 0
    for _ in range(20):
        now = breaker.until_ms
        breaker.record_failure(now)
    assert breaker.until_ms - now == POLICY.longest_ms


def test_calls_that_hang_together_are_one_failure() -> None:
    breaker = opened_at(0)
    for _ in range(100):
        breaker.record_failure(0)
    assert breaker.until_ms == POLICY.first_ms


def test_a_pause_is_not_shortened_by_a_success() -> None:
    breaker = CircuitBreaker(POLICY)
    breaker.pause(5_000, "needs_person")
    breaker.record_success()
    assert breaker.is_open(4_999)
