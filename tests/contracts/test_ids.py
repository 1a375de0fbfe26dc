"""Ids are derived, never minted: the same cause gives the same id, whatever the clock says and whoever asks."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.catalogue import facts, read
from contracts.chatbot import ErrandEnded, PersonNeeded, ReplyChosen
from contracts.event import Event
from contracts.tips import TipReplyChosen, TipsForgot
from tests.facts import NOON, followed, heard

SEALED: dict[str, Any] = {"body": "b1.c2VhbGVk", "address": "a1.c2VhbGVk"}
ANSWER: dict[str, Any] = {"outcome": "answer", **SEALED}


def test_the_same_cause_gives_the_same_id_and_another_cause_another() -> None:
    one, same, other = heard(msg_id="a"), heard(msg_id="a"), heard(msg_id="b")
    assert TipsForgot.because(one).id == TipsForgot.because(same).id
    assert TipsForgot.because(one).id != TipsForgot.because(other).id


def test_the_words_do_not_enter_the_id_so_a_better_wording_is_not_said_again() -> None:
    cause = heard(msg_id="a")
    before = ReplyChosen.because(cause, **ANSWER)
    after = ReplyChosen.because(cause, **(ANSWER | {"body": "b1.a2hhYw=="}))
    assert before.id == after.id


def test_neither_does_the_time() -> None:
    cause = heard(msg_id="a")
    assert TipsForgot.because(cause).id == TipsForgot.because(cause, at=NOON + timedelta(hours=1)).id


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=20, unique=True))
def test_each_of_several_consequences_has_an_id_of_its_own(nths: list[int]) -> None:
    cause = heard(msg_id="a")
    assert len({ReplyChosen.because(cause, nth, **ANSWER).id for nth in nths}) == len(nths)


def test_two_kinds_of_consequence_never_share_an_id() -> None:
    cause = heard(msg_id="a")
    said: list[Event] = [
        ReplyChosen.because(cause, **ANSWER),
        TipReplyChosen.because(cause, **SEALED),
        PersonNeeded.because(cause, reason="asked"),
        ErrandEnded.because(cause, errand="booking", ending="done"),
        TipsForgot.because(cause),
    ]
    assert len({one.id for one in said}) == len(said)


def test_the_derivation_is_written_down_here_so_that_no_release_changes_it_unseen() -> None:
    cause = heard(msg_id="a")
    assert TipsForgot.because(cause, 2).id == uuid5(cause.id, "tips.forgot.v1#2")


def test_a_consequence_names_its_cause_and_stays_in_its_conversation() -> None:
    cause = heard(msg_id="a")
    said = TipsForgot.because(cause)
    assert (said.caused_by, said.conversation, said.oa_id) == (cause.id, cause.conversation, cause.oa_id)
    assert said.occurred_at == cause.occurred_at


def test_a_fact_read_back_from_the_log_leads_to_the_same_ids() -> None:
    cause = heard(msg_id="a")
    again = read(cause.topic, cause.model_dump_json().encode())
    assert TipsForgot.because(again).id == TipsForgot.because(cause).id


@pytest.mark.parametrize("name", sorted(facts()))
def test_every_fact_is_named_with_its_version(name: str) -> None:
    stem, _, version = name.rpartition(".v")
    assert stem
    assert version.isdigit()
    assert facts()[name].model_fields["type"].default == name


def test_a_newer_speaker_may_say_more_and_an_older_listener_shrugs() -> None:
    said = followed()
    newer = said.model_dump_json()[:-1] + ',"mood":"cheerful"}'
    assert read(said.topic, newer.encode()) == said


def test_an_error_never_quotes_what_was_read() -> None:
    said = heard("một bí mật", msg_id="a")
    broken = said.model_dump_json().replace("2026", "kể-chuyện-riêng")
    with pytest.raises(ValueError, match="validation error") as fault:
        read(said.topic, broken.encode())
    assert "kể-chuyện-riêng" not in str(fault.value)


def test_an_id_is_a_uuid_of_the_derived_kind() -> None:
    assert UUID(str(TipsForgot.because(heard()).id)).version == 5
