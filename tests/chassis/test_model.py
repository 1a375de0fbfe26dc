"""Copies and JSON of models, as fast as they go and yet as pydantic makes them."""

from datetime import UTC, datetime

import pytest
from pydantic import Field, ValidationError

from chassis.model import StoredModel, to_json


class Note(StoredModel):
    title: str
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    tags: tuple[str, ...] = ()
    secret: str = Field("", repr=False)


def test_an_evolved_copy_is_what_pydantic_would_have_copied() -> None:
    note = Note(title="đơn")
    ours, theirs = note.evolve(tags=("a",)), note.model_copy(update={"tags": ("a",)})
    assert ours == theirs
    assert ours.model_fields_set == theirs.model_fields_set == {"title", "tags"}
    assert note.tags == (), "the original stays as it was"
    assert hash(ours) == hash(theirs)


def test_a_stored_value_does_not_change_under_its_owner() -> None:
    with pytest.raises(ValidationError):
        Note(title="đơn").title = "khác"  # type: ignore[misc]


def test_an_error_about_a_stored_value_quotes_nothing() -> None:
    with pytest.raises(ValidationError) as fault:
        Note.model_validate({"title": "đơn", "tags": "0912345678"})
    assert "0912345678" not in str(fault.value)


@pytest.mark.parametrize("exclude_defaults", [True, False])
def test_json_is_what_pydantic_would_have_dumped(exclude_defaults: bool) -> None:
    note = Note(title="Xin chào 👋", tags=("a", "b"))
    assert to_json(note, exclude_defaults=exclude_defaults).decode() == note.model_dump_json(
        exclude_defaults=exclude_defaults
    )
