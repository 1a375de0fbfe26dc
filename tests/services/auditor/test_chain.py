"""The chain shows any change: of an entry, of its place, of a checkpoint, and of what is not there any more."""

import copy
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from services.auditor.chain import Tip, checkpoint, digest, link, tip_of
from services.auditor.decide import decide
from services.auditor.inspection import BrokenChainError, Inspection, Report
from services.auditor.signing import Signer, signer_id
from tests.services.auditor.chains import NOW, SIGNER, Document, chain, record

KEYS = {SIGNER.id: SIGNER.key.verify_key}


def inspect(
    entries: list[Document], checkpoints: list[Document], anchors: list[Document] | None = None, now: datetime = NOW
) -> Report:
    inspection = Inspection()
    try:
        inspection.begin(checkpoints, anchors or [], KEYS)
        for entry in entries:
            inspection.step(entry)
        inspection.finish(now)
    except BrokenChainError as fault:
        return inspection.report(str(fault))
    return inspection.report()


def test_a_chain_that_nobody_touched_is_whole() -> None:
    assert inspect(*chain()) == Report(9, 2, 3)
    assert inspect([], []) == Report(0, 0, 0)


def test_a_record_that_comes_again_is_chained_once() -> None:
    first = decide(Tip(), set(), [record(1), record(2), record(1)])
    assert [entry["event"]["id"][-1] for entry in first] == ["1", "2"]
    then = decide(tip_of(first[-1]), {UUID(int=2)}, [record(2), record(3)])
    assert [(entry["_id"], entry["event"]["id"][-1]) for entry in then] == [(3, "3")]


def leaves(document: Document, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    return [
        found
        for name, value in document.items()
        for found in (leaves(value, (*path, name)) if isinstance(value, dict) else [(*path, name)])
    ]


OTHER = st.one_of(
    st.none(), st.booleans(), st.integers(0, 20), st.floats(allow_nan=False), st.text(max_size=20), st.just(NOW)
)


@settings(max_examples=300)
@given(data=st.data())
def test_any_change_of_any_field_breaks_it(data: st.DataObject) -> None:
    entries, checkpoints = chain()
    document = data.draw(st.sampled_from([*entries, *checkpoints]))
    *path, name = data.draw(st.sampled_from(leaves(document)))
    target = document
    for step in path:
        target = target[step]
    other = data.draw(OTHER)
    if type(other) is type(target[name]) and other == target[name]:
        return
    target[name] = other
    assert inspect(entries, checkpoints).broken


@given(data=st.data())
def test_an_entry_whose_hash_was_made_to_fit_breaks_the_next_or_the_checkpoint(data: st.DataObject) -> None:
    entries, checkpoints = chain(signed=(3, 9))
    entry = data.draw(st.sampled_from(entries))
    entry["event"]["actor_id"] = "officer-2"
    entry["hash"] = digest(entry)
    assert inspect(entries, checkpoints).broken


def test_a_whole_chain_written_anew_does_not_fit_the_checkpoints() -> None:
    _, checkpoints = chain()
    anew = decide(Tip(), set(), (record(number, actor_id="officer-2") for number in range(1, 10)))
    assert inspect(anew, checkpoints).broken == "entry 3 is not the one that its checkpoint signed"


@given(at=st.integers(0, 8), field=st.sampled_from(["added", "hash", "previous", "event"]))
def test_a_field_added_or_taken_away_breaks_it(at: int, field: str) -> None:
    entries, checkpoints = chain()
    if entries[at].pop(field, None) is None:
        entries[at][field] = ""
    assert inspect(entries, checkpoints).broken


@given(at=st.integers(0, 5))
def test_an_entry_removed_is_named(at: int) -> None:
    entries, checkpoints = chain()
    del entries[at]
    assert f"entry {at + 1} is missing" in inspect(entries, checkpoints).broken


@given(at=st.integers(0, 8))
def test_an_entry_inserted_is_named(at: int) -> None:
    entries, checkpoints = chain()
    before = tip_of(entries[at - 1]) if at else Tip()
    entries.insert(at, link(before, record(99).model_dump(mode="json")))
    named = inspect(entries, checkpoints).broken
    assert f"entry {at + 1} is not the one" in named or f"entry {at + 2} is missing or out of order" in named


@given(pair=st.lists(st.integers(0, 8), min_size=2, max_size=2, unique=True))
def test_two_entries_that_changed_places_break_it(pair: list[int]) -> None:
    entries, checkpoints = chain()
    first, second = pair
    entries[first]["event"], entries[second]["event"] = entries[second]["event"], entries[first]["event"]
    assert f"entry {min(pair) + 1} was changed" in inspect(entries, checkpoints).broken
    for entry in entries:
        entry["hash"] = digest(entry)
    assert inspect(entries, checkpoints).broken


@pytest.mark.parametrize("left", range(6))
def test_a_tail_cut_off_behind_a_checkpoint_is_named(left: int) -> None:
    entries, checkpoints = chain()
    assert (
        inspect(entries[:left], checkpoints).broken
        == f"entries {left + 1} to 6 are missing: the signed end was cut off"
    )


def test_a_tail_cut_off_with_its_checkpoint_is_seen_by_the_one_kept_outside() -> None:
    entries, checkpoints = chain()
    assert not inspect(entries[:5], checkpoints[:1]).broken  # From inside the database alone it cannot be seen.
    assert "checkpoint 6, kept outside" in inspect(entries[:5], checkpoints[:1], checkpoints).broken


def test_a_checkpoint_removed_from_between_is_named() -> None:
    entries, checkpoints = chain()
    assert "before checkpoint 6 is missing" in inspect(entries, checkpoints[1:]).broken


def test_a_checkpoint_that_should_be_there_by_now_is_missed() -> None:
    entries, checkpoints = chain()
    assert not inspect(entries, checkpoints, now=NOW + timedelta(minutes=9)).broken
    assert "after entry 6 is missing" in inspect(entries, checkpoints, now=NOW + timedelta(minutes=11)).broken


def test_a_checkpoint_of_another_signer_is_forged() -> None:
    entries, checkpoints = chain()
    forger = Signer(SigningKey(b"b" * 32))
    forged = {name: value for name, value in checkpoints[-1].items() if name != "signature"}
    for signer in (forger.id, SIGNER.id):
        assert (
            "checkpoint 6 is not signed"
            in inspect(entries, [checkpoints[0], forger.sign(forged | {"signer": signer})]).broken
        )


def test_a_signer_that_was_replaced_is_still_believed() -> None:
    entries, checkpoints = chain()
    later = Signer(SigningKey(b"c" * 32))
    checkpoints.append(later.sign(checkpoint(tip_of(entries[-1]), NOW.isoformat(), later.id, digest(checkpoints[-1]))))
    assert inspect(entries, checkpoints).broken
    KEYS[signer_id(later.key.verify_key)] = later.key.verify_key
    try:
        assert not inspect(copy.deepcopy(entries), checkpoints).broken
    finally:
        del KEYS[later.id]
