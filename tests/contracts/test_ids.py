"""Ids are derived, never minted: the same cause gives the same id, whatever the clock says and whoever asks."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.catalogue import event_types, read
from contracts.chatbot import ErrandEnded, PersonNeeded, ReplyChosen
from contracts.event import Event
from contracts.tips import TipReplyChosen, TipsForgot
from tests.events import NOON, followed, message_received

SEALED: dict[str, Any] = {"body": "b1.c2VhbGVk", "address": "a1.c2VhbGVk"}
ANSWER: dict[str, Any] = {"outcome": "answer", **SEALED}


def test_the_same_cause_gives_the_same_id_and_another_cause_another() -> None:
    first, same, other = message_received(msg_id="a"), message_received(msg_id="a"), message_received(msg_id="b")
    assert TipsForgot.derive(first).id == TipsForgot.derive(same).id
    assert TipsForgot.derive(first).id != TipsForgot.derive(other).id


def test_the_words_do_not_enter_the_id_so_a_better_wording_is_not_said_again() -> None:
    cause = message_received(msg_id="a")
    before = ReplyChosen.derive(cause, **ANSWER)
    after = ReplyChosen.derive(cause, **(ANSWER | {"body": "b1.a2hhYw=="}))
    assert before.id == after.id


def test_neither_does_the_time() -> None:
    cause = message_received(msg_id="a")
    assert TipsForgot.derive(cause).id == TipsForgot.derive(cause, at=NOON + timedelta(hours=1)).id


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=20, unique=True))
def test_each_of_several_consequences_has_an_id_of_its_own(indexes: list[int]) -> None:
    cause = message_received(msg_id="a")
    assert len({ReplyChosen.derive(cause, index, **ANSWER).id for index in indexes}) == len(indexes)


def test_two_kinds_of_consequence_never_share_an_id() -> None:
    cause = message_received(msg_id="a")
    events: list[Event] = [
        ReplyChosen.derive(cause, **ANSWER),
        TipReplyChosen.derive(cause, **SEALED),
        PersonNeeded.derive(cause, reason="asked"),
        ErrandEnded.derive(cause, errand="booking", ending="done"),
        TipsForgot.derive(cause),
    ]
    assert len({event.id for event in events}) == len(events)


def test_the_derivation_is_written_down_here_so_that_no_release_changes_it_unseen() -> None:
    cause = message_received(msg_id="a")
    assert TipsForgot.derive(cause, 2).id == uuid5(cause.id, "tips.forgot.v1#2")


def test_a_consequence_names_its_cause_and_stays_in_its_conversation() -> None:
    cause = message_received(msg_id="a")
    event = TipsForgot.derive(cause)
    assert (event.caused_by, event.conversation, event.oa_id) == (cause.id, cause.conversation, cause.oa_id)
    assert event.occurred_at == cause.occurred_at


def test_an_event_read_back_from_the_log_leads_to_the_same_ids() -> None:
    cause = message_received(msg_id="a")
    reread = read(cause.topic, cause.model_dump_json().encode())
    assert TipsForgot.derive(reread).id == TipsForgot.derive(cause).id


@pytest.mark.parametrize("name", sorted(event_types()))
def test_every_event_is_named_with_its_version(name: str) -> None:
    stem, _, version = name.rpartition(".v")
    assert stem
    assert version.isdigit()
    assert event_types()[name].model_fields["type"].default == name


def test_a_newer_speaker_may_say_more_and_an_older_listener_shrugs() -> None:
    event = followed()
    newer = event.model_dump_json()[:-1] + ',"mood":"cheerful"}'
    assert read(event.topic, newer.encode()) == event


def test_an_error_never_quotes_what_was_read() -> None:
    event = message_received("một bí mật", msg_id="a")
    broken = event.model_dump_json().replace("2026", "kể-chuyện-riêng")
    with pytest.raises(ValueError, match="validation error") as fault:
        read(event.topic, broken.encode())
    assert "kể-chuyện-riêng" not in str(fault.value)


def test_an_id_is_a_uuid_of_the_derived_kind() -> None:
    assert UUID(str(TipsForgot.derive(message_received()).id)).version == 5
