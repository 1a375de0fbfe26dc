"""Which due entries may be claimed: of each line an unbroken head."""

from services.notify.entry import Entry, Rank, Status
from services.notify.store.claims import heads, plan

NOW = 1_000_000


def entry(line: str, order: int, due: int = 0, status: Status = Status.ACCEPTED) -> Entry:
    made = Entry(f"{line}{order}", "e", 0, 1, line, "oa", Rank.REPLY, order, "", "", 0, 0, due)
    made.status = status
    return made


def ids(planned: dict[str, list[Entry]]) -> list[str]:
    return [one.id for line in planned.values() for one in line]


def test_all_that_is_due_is_claimed_in_order() -> None:
    assert ids(plan([entry("a", 1), entry("a", 2), entry("b", 1)], NOW, ())) == ["a1", "a2", "b1"]


def test_what_waits_for_its_predecessor_is_left() -> None:
    later = entry("a", 1, NOW + 60_000)
    assert ids(plan([later, entry("a", 2), entry("b", 1)], NOW, ())) == ["b1"]


def test_what_somebody_else_holds_closes_its_line() -> None:
    held = entry("a", 1, NOW + 5_000, Status.SENDING)
    assert ids(plan([held, entry("a", 2)], NOW, ())) == []


def test_a_lapsed_claim_is_taken_over_once_clocks_cannot_differ_any_more() -> None:
    assert ids(plan([entry("a", 1, NOW - 1_000, Status.SENDING)], NOW, ())) == []
    assert ids(plan([entry("a", 1, NOW - 2_000, Status.SENDING)], NOW, ())) == ["a1"]


def test_a_claim_of_the_dead_is_taken_over_at_once() -> None:
    assert ids(plan([entry("a", 1, 0, Status.SENDING)], NOW, ())) == ["a1"]


def test_what_is_in_our_hands_closes_nothing() -> None:
    assert ids(plan([entry("a", 1, NOW + 5_000, Status.SENDING), entry("a", 2)], NOW, {"a1"})) == ["a2"]


def test_what_was_won_behind_a_gap_is_given_back() -> None:
    one, two, three = (entry("a", nth) for nth in (1, 2, 3))
    kept, broken = heads({"a": [one, two, three]}, {"a1", "a3"})
    assert ([kept_one.id for kept_one in kept], broken) == (["a1"], ["a3"])
