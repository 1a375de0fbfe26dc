"""A fact may grow; it may not break. The frozen schemas are what listeners were promised."""

import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from pydantic import BaseModel, Field

from contracts.catalogue import DEAD, READERS, TOPICS, event_types
from loa.commands.contracts import command
from loa.runtime.settings import ROOT
from loa.schemas import frozen as frozen_module
from loa.schemas.asyncapi import HEADERS, OPENS_TO, page
from loa.schemas.compatibility import Schema, breaking_changes
from loa.schemas.frozen import ASYNCAPI, FROZEN, BreakingChangeError, compare, current, files, freeze, frozen
from tests.events import encoded, message_received

RE_FREEZE = "run `loa contracts` and commit what it writes"


@pytest.mark.parametrize("name", sorted(frozen()))
def test_nothing_that_was_promised_is_broken(name: str) -> None:
    assert compare({name: frozen()[name]}, current()) == []


def test_no_event_disappears() -> None:
    assert set(frozen()) <= set(current())


def test_the_frozen_schemas_and_the_page_are_those_of_the_models() -> None:
    stale = [str(path) for path, text in files(current()).items() if (ROOT / path).read_text() != text]
    assert not stale, RE_FREEZE


def test_no_frozen_schema_is_left_of_a_shape_nobody_says() -> None:
    assert {path.stem for path in (ROOT / FROZEN).iterdir()} == set(current())


class Inner(BaseModel):
    kind: str = Field(max_length=10)


class Before(BaseModel):
    words: str = Field(max_length=100, pattern="^[a-z]+$")
    count: int = Field(0, ge=0)
    inner: Inner
    many: tuple[Inner, ...] = ()
    maybe: int | None = None
    ending: str = Field("done", json_schema_extra={"enum": ["done", "idle"]})


def changed(change: Callable[[Schema], Any]) -> list[str]:
    now = deepcopy(Before.model_json_schema())
    change(now)
    return breaking_changes(Before.model_json_schema(), now)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["properties"].update(mood={"type": "string"}),
        lambda s: s["properties"]["words"].update(maxLength=200),
        lambda s: s["properties"]["words"].pop("pattern"),
        lambda s: s["required"].remove("words"),
        lambda s: s["properties"].update(count={"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]}),
        lambda s: s["properties"]["ending"]["enum"].append("cancelled"),
        lambda s: s.update(title="Another", description="Other words."),
        lambda s: (
            s["$defs"].update(Elsewhere=s["$defs"]["Inner"])
            or s["properties"].update(inner={"$ref": "#/$defs/Elsewhere"})
        ),
    ],
    ids=["a property", "longer", "any letters", "optional", "may be null", "a value", "titles", "a moved definition"],
)
def test_growth_is_allowed(change: Callable[[Schema], Any]) -> None:
    assert changed(change) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: s["properties"].pop("count"), "fact.count: removed"),
        (lambda s: s["required"].append("count"), "fact.count: newly required"),
        (
            lambda s: s["properties"].update(mood={"type": "string"}) or s["required"].append("mood"),
            "fact.mood: newly required",
        ),
        (lambda s: s["properties"]["count"].update(type="string"), "fact.count: type changed from integer to string"),
        (lambda s: s["properties"]["words"].update(maxLength=50), "fact.words: maxLength is lower than it was"),
        (lambda s: s["properties"]["words"].update(minLength=1), "fact.words: minLength is higher than it was"),
        (lambda s: s["properties"]["words"].update(pattern="^x$"), "fact.words: pattern changed"),
        (lambda s: s["properties"]["words"].update(format="uuid"), "fact.words: format changed"),
        (lambda s: s["properties"].update(maybe={"type": "integer"}), "fact.maybe: type changed from null to integer"),
        (lambda s: s["properties"]["ending"]["enum"].remove("idle"), "fact.ending: no longer allows idle"),
        (lambda s: s["$defs"]["Inner"]["properties"].pop("kind"), "fact.inner.kind: removed"),
        (lambda s: s["$defs"]["Inner"]["properties"].pop("kind"), "fact.many[].kind: removed"),
    ],
)
def test_what_a_listener_could_not_follow_is_named(change: Callable[[Schema], Any], says: str) -> None:
    assert says in changed(change)


def tree(root: Path) -> Path:
    shutil.copytree(ROOT / FROZEN, root / FROZEN)
    return root


def test_freezing_what_is_frozen_writes_nothing(tmp_path: Path) -> None:
    freeze(tree(tmp_path))
    assert freeze(tmp_path) == []


def test_freezing_growth_writes_the_file_that_grew(tmp_path: Path) -> None:
    path = tree(tmp_path) / FROZEN / "tip.reply.chosen.v1.json"
    now = path.read_text()
    older = json.loads(now)
    del older["properties"]["lane"]
    path.write_text(json.dumps(older))
    assert FROZEN / "tip.reply.chosen.v1.json" in freeze(tmp_path)
    assert path.read_text() == now


def test_what_was_optional_can_not_become_required(tmp_path: Path) -> None:
    path = tree(tmp_path) / FROZEN / "survey.answered.v1.json"
    older = json.loads(path.read_text())
    older["required"].remove("stars")
    path.write_text(json.dumps(older))
    with pytest.raises(BreakingChangeError, match=r"survey\.answered\.v1: fact\.stars: newly required"):
        freeze(tmp_path)


def test_a_break_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    path = tree(tmp_path) / FROZEN / "person.needed.v1.json"
    promised = json.loads(path.read_text())
    promised["properties"]["urgency"] = {"type": "string"}
    path.write_text(json.dumps(promised))
    with pytest.raises(BreakingChangeError, match=r"person\.needed\.v1: fact\.urgency: removed"):
        freeze(tmp_path)
    assert json.loads(path.read_text()) == promised
    assert not (tmp_path / ASYNCAPI).exists()


def test_the_command_says_what_breaks_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(frozen_module, "frozen", lambda _: {"old.fact.v1": {"type": "object"}})
    with pytest.raises(typer.Exit) as stopped:
        command()
    assert stopped.value.exit_code == 1
    assert "old.fact.v1: no longer there" in capsys.readouterr().err


def test_the_page_is_yaml_that_names_every_topic_event_and_reader() -> None:
    document = yaml.safe_load(page())
    assert document["asyncapi"] == "3.0.0"
    assert set(document["channels"]) == {*TOPICS, *DEAD.values()}
    assert set(document["components"]["messages"]) == set(event_types())
    names = [name for topic in TOPICS for name in document["channels"][topic]["messages"]]
    assert sorted(names) == sorted(event_types())
    for service, topics in READERS.items():
        assert all(f"{service} consumes {topic}" in document["operations"] for topic in topics)


def test_every_reference_of_the_page_leads_somewhere() -> None:
    document = yaml.safe_load(page())
    for reference in references(document):
        if reference.startswith("#/"):
            part = document
            for step in reference.removeprefix("#/").split("/"):
                part = part[step]
        else:
            assert (ROOT / "docs" / reference).resolve().is_file(), reference


def references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [reference for inner in part for reference in references(inner)]
    if not isinstance(part, dict):
        return []
    own = [value for key, value in part.items() if key == "$ref" or (key.startswith("x-") and value != "json")]
    return own + [reference for inner in part.values() for reference in references(inner)]


def test_the_page_names_the_headers_that_really_travel() -> None:
    assert set(encoded(message_received(), "gateway").headers) == set(HEADERS)


def test_the_page_says_what_every_sealed_body_opens_to() -> None:
    assert set(OPENS_TO) == {name for name, event_type in event_types().items() if "body" in event_type.model_fields}
