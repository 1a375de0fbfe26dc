"""OAs that have to wait, and the others that do not."""

from services.notify.dispatch.gates import Gates

ONE, TWO = "oa-1", "oa-2"


def test_a_held_oa_waits_and_the_others_go() -> None:
    gates = Gates()
    gates.hold(ONE, 5_000, "needs_person")
    assert gates.until(ONE, 1_000) == (5_000, "needs_person")
    assert gates.until(TWO, 1_000) == (0, "")
    assert gates.until(ONE, 5_000) == (0, "")
    assert gates.held(1_000) == {"needs_person": 1}


def test_what_was_waited_for_opens_the_gate() -> None:
    gates = Gates()
    gates.hold(ONE, 5_000, "needs_person")
    gates.open(ONE)
    assert gates.until(ONE, 1_000) == (0, "")


def test_silence_in_a_row_closes_the_gate_for_growing_spells() -> None:
    gates, now, spells = Gates(), 0, []
    for _ in range(4):
        gates.strike(ONE, now)
    assert gates.until(ONE, now) == (0, "")
    for _ in range(9):
        gates.strike(ONE, now)
        until, _ = gates.until(ONE, now)
        spells.append(until - now)
        now = until
    assert spells == [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]


def test_calls_that_hang_together_are_one_silence() -> None:
    gates = Gates()
    for _ in range(100):
        gates.strike(ONE, 0)
    assert gates.until(ONE, 0) == (1_000, "unreached")
    assert gates.until(TWO, 0) == (0, ""), "one OA's silence is not Zalo's"


def test_one_answer_ends_the_silence() -> None:
    gates = Gates()
    for _ in range(4):
        gates.strike(ONE, 0)
    gates.answered(ONE)
    gates.strike(ONE, 0)
    assert gates.until(ONE, 0) == (0, "")


def test_when_zalo_is_silent_to_everybody_all_wait() -> None:
    gates = Gates()
    for nth in range(5):
        gates.strike(f"oa-{nth}", 0)
    assert gates.until("an-oa-never-tried", 0) == (1_000, "unreached")


def test_as_long_as_anybody_is_answered_zalo_is_there() -> None:
    gates = Gates()
    for nth in range(50):
        gates.strike(f"oa-{nth}", 0)
        gates.answered("oa-that-works")
    assert gates.until("an-oa-never-tried", 0) == (0, "")
