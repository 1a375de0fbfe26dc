"""What is stored to be said outlives every crash between remembering and saying, however the next batch is cut."""

from pydantic import BaseModel, ConfigDict

from chassis.inbox import Inbox
from chassis.outbox import ConversationRecord
from contracts.event import Event
from contracts.tips import TipsForgot
from tests.doubles import OA, conversation, message_received, reply


class State(BaseModel):
    model_config = ConfigDict(frozen=True)
    note: str = ""


def blank() -> ConversationRecord[State]:
    return ConversationRecord(conversation(), OA, State())


def stored(record: ConversationRecord[State]) -> ConversationRecord[State]:
    """As it comes back from the database."""
    document = record.document("sealed", {})
    outbox = {bytes.fromhex(key): (topic, encoded) for key, (topic, encoded) in document["o"].items()}
    return ConversationRecord(record.conversation, OA, record.state, document["v"], Inbox.unpack(document), outbox)


def events_for(cause: Event) -> list[Event]:
    return [TipsForgot.derive(cause)]


def test_words_that_were_never_said_survive_a_second_crash_in_a_longer_batch() -> None:
    first, second = message_received(), message_received()
    before = blank()
    before.record_event(first, State(), events_for(first))
    after_a_crash = stored(before)
    assert after_a_crash.replay(first) == events_for(first)
    after_a_crash.record_event(second, State(), events_for(second))
    after_another = stored(after_a_crash)
    assert after_another.replay(first) == events_for(first)
    assert after_another.replay(second) == events_for(second)


def test_words_go_once_a_later_record_of_the_same_topic_is_remembered() -> None:
    first, second = message_received(), message_received()
    record = blank()
    record.record_event(first, State(), events_for(first))
    later = stored(record)
    later.record_event(second, State(), [])
    assert stored(later).replay(first) == []


def test_what_is_heard_elsewhere_proves_nothing_about_words_that_were_never_said() -> None:
    """A timer, or another topic, is not in line behind the message: its batch may be over before the message's words are said."""
    message, reply_elsewhere = message_received(), reply()
    record = blank()
    record.record_event(message, State(), events_for(message))
    between = stored(record)
    between.record_event(reply_elsewhere, State(), events_for(reply_elsewhere))
    assert stored(between).replay(message) == events_for(message)


def test_a_repeat_in_the_batch_that_decides_it_says_nothing_twice() -> None:
    message = message_received()
    record = blank()
    record.record_event(message, State(), events_for(message))
    assert record.is_duplicate(message)
    assert record.replay(message) == []
    later = stored(record)
    assert (later.replay(message), later.replay(message)) == (events_for(message), [])


def test_a_revision_changes_the_state_and_keeps_what_was_heard_and_what_is_to_be_said() -> None:
    cause = message_received()
    record = blank()
    record.record_event(cause, State(note="before"), events_for(cause))
    revised = stored(record)
    assert not revised.changed
    revised.update(State(note="after"))
    assert (revised.changed, revised.stored_version) == (True, 2)
    reloaded = stored(revised)
    assert reloaded.state.note == "after"
    assert reloaded.is_duplicate(cause)
    assert reloaded.replay(cause) == events_for(cause)
