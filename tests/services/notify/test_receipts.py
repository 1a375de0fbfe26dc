"""A status only ever moves forward, in whatever order receipts come."""

from itertools import islice, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.delivery import Status
from services.notify.receipts import highest_status, is_worth_publishing, moves_forward

RECEIPT_STATUSES = (Status.SENT, Status.DELIVERED, Status.SEEN)


@given(st.lists(st.sampled_from(RECEIPT_STATUSES), min_size=1, max_size=8))
def test_any_order_and_any_number_of_repeats_end_at_the_highest(statuses: list[Status]) -> None:
    ends = set()
    for order in islice(permutations(statuses), 50):
        status = Status.SENDING
        for reported in order:
            status = reported if moves_forward(status, reported) else status
        ends.add(status)
    assert len(ends) == 1
    assert all(not moves_forward(ends.copy().pop(), reported) for reported in statuses)


def test_seen_is_not_taken_back_by_a_late_delivery() -> None:
    assert not moves_forward(Status.SEEN, Status.DELIVERED)
    assert not is_worth_publishing(Status.SEEN, Status.DELIVERED)


def test_a_repeat_is_published_again_since_the_first_may_have_been_lost() -> None:
    assert is_worth_publishing(Status.SEEN, Status.SEEN)


def test_of_several_receipts_for_a_message_the_highest_counts() -> None:
    assert highest_status([("a", Status.SEEN), ("a", Status.DELIVERED), ("b", Status.DELIVERED)]) == {
        "a": Status.SEEN,
        "b": Status.DELIVERED,
    }


@pytest.mark.parametrize("ended", [Status.FAILED, Status.EXPIRED, Status.SUPPRESSED])
def test_a_message_given_up_that_arrived_all_the_same_has_arrived(ended: Status) -> None:
    assert moves_forward(ended, Status.DELIVERED)
