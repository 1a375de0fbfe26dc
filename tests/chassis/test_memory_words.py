"""What is stored to be said outlives every crash between remembering and saying, however the next batch is cut."""

from pydantic import BaseModel, ConfigDict

from chassis.memory import Memory, ids
from contracts.event import Event
from contracts.tips import TipsForgot
from tests.doubles import OA, conversation, heard, reply


class State(BaseModel):
    model_config = ConfigDict(frozen=True)
    note: str = ""


def blank() -> Memory[State]:
    return Memory(conversation(), OA, State())


def stored(memory: Memory[State]) -> Memory[State]:
    """As it comes back from the database."""
    document = memory.document("sealed", {})
    said = {bytes.fromhex(key): (topic, words) for key, (topic, words) in document["o"].items()}
    return Memory(memory.conversation, OA, memory.state, document["v"], ids(document["h"]), said)


def words_for(cause: Event) -> list[Event]:
    return [TipsForgot.because(cause)]


def test_words_that_were_never_said_survive_a_second_crash_in_a_longer_batch() -> None:
    first, second = heard(), heard()
    before = blank()
    before.keep(first, State(), words_for(first))
    after_a_crash = stored(before)
    assert after_a_crash.again(first) == words_for(first)
    after_a_crash.keep(second, State(), words_for(second))
    after_another = stored(after_a_crash)
    assert after_another.again(first) == words_for(first)
    assert after_another.again(second) == words_for(second)


def test_words_go_once_a_later_record_of_the_same_topic_is_remembered() -> None:
    first, second = heard(), heard()
    memory = blank()
    memory.keep(first, State(), words_for(first))
    later = stored(memory)
    later.keep(second, State(), [])
    assert stored(later).again(first) == []


def test_what_is_heard_elsewhere_proves_nothing_about_words_that_were_never_said() -> None:
    """A timer, or another topic, is not in line behind the message: its batch may be over before the message's words are said."""
    message, reply_elsewhere = heard(), reply()
    memory = blank()
    memory.keep(message, State(), words_for(message))
    between = stored(memory)
    between.keep(reply_elsewhere, State(), words_for(reply_elsewhere))
    assert stored(between).again(message) == words_for(message)


def test_a_repeat_in_the_batch_that_decides_it_says_nothing_twice() -> None:
    message = heard()
    memory = blank()
    memory.keep(message, State(), words_for(message))
    assert memory.knows(message)
    assert memory.again(message) == []
    later = stored(memory)
    assert (later.again(message), later.again(message)) == (words_for(message), [])


def test_a_revision_changes_the_state_and_keeps_what_was_heard_and_what_is_to_be_said() -> None:
    cause = heard()
    memory = blank()
    memory.keep(cause, State(note="before"), words_for(cause))
    revised = stored(memory)
    assert not revised.changed
    revised.revise(State(note="after"))
    assert (revised.changed, revised.stored_version) == (True, 2)
    again = stored(revised)
    assert again.state.note == "after"
    assert again.knows(cause)
    assert again.again(cause) == words_for(cause)
