"""OAs that have to wait, and the others that do not."""

from services.notify.dispatch.circuit import CircuitBreakers

FIRST_OA, SECOND_OA = "oa-1", "oa-2"


def test_a_held_oa_waits_and_the_others_go() -> None:
    breakers = CircuitBreakers()
    breakers.pause(FIRST_OA, 5_000, "needs_person")
    assert breakers.until(FIRST_OA, 1_000) == (5_000, "needs_person")
    assert breakers.until(SECOND_OA, 1_000) == (0, "")
    assert breakers.until(FIRST_OA, 5_000) == (0, "")
    assert breakers.paused_by_reason(1_000) == {"needs_person": 1}


def test_what_was_waited_for_closes_the_breaker() -> None:
    breakers = CircuitBreakers()
    breakers.pause(FIRST_OA, 5_000, "needs_person")
    breakers.reset(FIRST_OA)
    assert breakers.until(FIRST_OA, 1_000) == (0, "")


def test_silence_in_a_row_pauses_an_oa_for_growing_spells() -> None:
    breakers, now, spells = CircuitBreakers(), 0, []
    for _ in range(4):
        breakers.record_failure(FIRST_OA, now)
    assert breakers.until(FIRST_OA, now) == (0, "")
    for _ in range(9):
        breakers.record_failure(FIRST_OA, now)
        until, _ = breakers.until(FIRST_OA, now)
        spells.append(until - now)
        now = until
    assert spells == [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]


def test_calls_that_hang_together_are_one_silence() -> None:
    breakers = CircuitBreakers()
    for _ in range(100):
        breakers.record_failure(FIRST_OA, 0)
    assert breakers.until(FIRST_OA, 0) == (1_000, "unreached")
    assert breakers.until(SECOND_OA, 0) == (0, ""), "one OA's silence is not Zalo's"


def test_one_answer_ends_the_silence() -> None:
    breakers = CircuitBreakers()
    for _ in range(4):
        breakers.record_failure(FIRST_OA, 0)
    breakers.record_answer(FIRST_OA)
    breakers.record_failure(FIRST_OA, 0)
    assert breakers.until(FIRST_OA, 0) == (0, "")


def test_when_zalo_is_silent_to_everybody_all_wait() -> None:
    breakers = CircuitBreakers()
    for index in range(5):
        breakers.record_failure(f"oa-{index}", 0)
    assert breakers.until("an-oa-never-tried", 0) == (1_000, "unreached")


def test_as_long_as_anybody_is_answered_zalo_is_there() -> None:
    breakers = CircuitBreakers()
    for index in range(50):
        breakers.record_failure(f"oa-{index}", 0)
        breakers.record_answer("oa-that-works")
    assert breakers.until("an-oa-never-tried", 0) == (0, "")
