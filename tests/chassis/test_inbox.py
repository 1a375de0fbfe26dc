"""What a conversation has received is not handled twice, however much of it there is."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.inbox import MAX_IDS, Inbox
from contracts.event import Event
from contracts.gateway import CitizenWithdrew
from tests.doubles import NOON, make_event, message_received, sealed_address


def stored(inbox: Inbox) -> Inbox:
    return Inbox.unpack(inbox.fields())


def filled(*first: Event) -> Inbox:
    """So full that one more would push `first` out."""
    inbox = Inbox()
    for event in (*first, *(message_received(at=NOON + timedelta(minutes=1)) for _ in range(MAX_IDS))):
        inbox.add(event)
    return inbox


def test_what_was_received_is_known_again_and_news_is_news() -> None:
    inbox, event = Inbox(), message_received()
    assert (event in inbox, inbox.changed) == (False, False)
    inbox.add(event)
    assert (event in inbox, inbox.changed) == (True, True)
    assert (event in stored(inbox), stored(inbox).changed) == (True, False)
    assert message_received() not in inbox


@pytest.mark.parametrize("through_the_database", [False, True])
def test_who_floods_is_not_heard_rather_than_handled_twice(through_the_database: bool) -> None:
    """What is pushed out of memory within the time in which Zalo may deliver it again is never taken for new."""
    first = message_received()
    inbox = stored(filled(first)) if through_the_database else filled(first)
    assert first in inbox, "delivered again, it does nothing"
    assert message_received(at=NOON + timedelta(minutes=90)) in inbox, "nothing is pushed out too early"
    assert message_received(at=NOON + timedelta(minutes=122)) not in inbox, "two hours later they are heard again"
    assert len(stored(inbox)) == MAX_IDS


def test_who_leaves_is_heard_even_in_a_flood() -> None:
    withdrew = make_event(CitizenWithdrew, address=sealed_address())
    inbox = filled()
    assert withdrew not in inbox
    inbox.add(withdrew)
    assert withdrew in inbox


def test_whoever_writes_much_over_days_is_heard() -> None:
    inbox = Inbox()
    for number in range(MAX_IDS):
        inbox.add(message_received(at=NOON + timedelta(minutes=10 * number)))
    assert message_received(at=NOON + timedelta(minutes=10 * MAX_IDS)) not in inbox


def test_ids_stored_without_a_time_are_as_old_as_can_be() -> None:
    fields = filled().fields()
    del fields["ht"]
    assert message_received() not in Inbox.unpack(fields)


@pytest.mark.parametrize("year", [1, 9999])
def test_an_event_of_any_year_can_be_stored(year: int) -> None:
    inbox, event = Inbox(), message_received(at=datetime(year, 6, 1, tzinfo=UTC))
    inbox.add(event)
    assert event in stored(inbox)
