"""Which due entries may be claimed: of each line an unbroken head."""

from services.notify.delivery import Delivery, LanePriority, Status
from services.notify.store.claims import heads, plan

NOW = 1_000_000


def delivery(queue_key: str, order: int, due: int = 0, status: Status = Status.ACCEPTED) -> Delivery:
    made = Delivery(f"{queue_key}{order}", "e", 0, 1, queue_key, "oa", LanePriority.REPLY, order, "", "", 0, 0, due)
    made.status = status
    return made


def ids(planned: dict[str, list[Delivery]]) -> list[str]:
    return [delivery.id for queue in planned.values() for delivery in queue]


def test_all_that_is_due_is_claimed_in_order() -> None:
    assert ids(plan([delivery("a", 1), delivery("a", 2), delivery("b", 1)], NOW, ())) == ["a1", "a2", "b1"]


def test_what_waits_for_its_predecessor_is_left() -> None:
    later = delivery("a", 1, NOW + 60_000)
    assert ids(plan([later, delivery("a", 2), delivery("b", 1)], NOW, ())) == ["b1"]


def test_what_somebody_else_holds_closes_its_queue() -> None:
    claimed = delivery("a", 1, NOW + 5_000, Status.SENDING)
    assert ids(plan([claimed, delivery("a", 2)], NOW, ())) == []


def test_a_lapsed_claim_is_taken_over_once_clocks_cannot_differ_any_more() -> None:
    assert ids(plan([delivery("a", 1, NOW - 1_000, Status.SENDING)], NOW, ())) == []
    assert ids(plan([delivery("a", 1, NOW - 2_000, Status.SENDING)], NOW, ())) == ["a1"]


def test_a_claim_of_the_dead_is_taken_over_at_once() -> None:
    assert ids(plan([delivery("a", 1, 0, Status.SENDING)], NOW, ())) == ["a1"]


def test_what_we_have_claimed_closes_nothing() -> None:
    assert ids(plan([delivery("a", 1, NOW + 5_000, Status.SENDING), delivery("a", 2)], NOW, {"a1"})) == ["a2"]


def test_what_was_won_behind_a_gap_is_given_back() -> None:
    first, second, third = (delivery("a", order) for order in (1, 2, 3))
    claimable, broken = heads({"a": [first, second, third]}, {"a1", "a3"})
    assert ([claimed.id for claimed in claimable], broken) == (["a1"], ["a3"])
