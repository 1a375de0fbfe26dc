"""Names are the field's standard terms: words that were private to this code once do not come back, and pronouns name nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.tree import ROOT, name, python_files

# As a part of the name of a class, a function or a module (`KafkaEar`, `bury_all`, `mouth.py`), each with its standard term.
PRIVATE_WORDS = {
    "ear": "consumer", "hear": "receive", "hears": "consumes", "heard": "received", "gather": "poll", "listener": "handler",
    "mouth": "producer", "utter": "encode", "spoken": "inbound message", "speech": "outbound message", "voice": "events",
    "bury": "dead letter", "buried": "dead letter", "burial": "dead letter", "burials": "dead letter", "grave": "dead letter",
    "blame": "translate errors", "poison": "invalid record", "fates": "outcomes", "trouble": "error",
    "patience": "retry policy", "pulse": "heartbeat", "door": "http server", "keeper": "auth, writer",
    "memories": "repository", "recall": "load", "remember": "save", "revise": "update", "overtaken": "version conflict",
    "fact": "event", "facts": "events", "because": "caused by",
    "judge": "decide", "tally": "metrics", "sighting": "last seen", "sightings": "last seen", "detour": "fallback",
    "desk": "service", "watcher": "refresher", "shelf": "stores", "vault": "keys", "house": "service", "houses": "services",
    "settler": "result writer", "teller": "publisher", "tell": "publish", "doubt": "uncertain", "doubts": "uncertain",
    "flying": "in flight", "depart": "start", "landed": "finished", "strike": "record failure", "clearance": "admission",
    "bell": "reminder", "bells": "reminders", "rang": "sent", "rung": "sent", "ringing": "job", "nudge": "wake",
    "forgetter": "eraser",
    "driver": "runner", "wired": "service", "kit": "flow", "unfit": "invalid", "taps": "postbacks", "tapped": "postback",
    "meant": "choices", "wordless": "attachments", "courtesy": "small talk", "whereabouts": "office search",
    "penalties": "fine levels", "errand": "flow",
    "mind": "model", "minds": "models", "lesson": "training", "lessons": "training set", "wishes": "small talk",
    "courier": "sender", "trade": "billing", "parcels": "uploads", "switches": "toggles", "standing": "status",
    "tray": "menu", "hub": "subscriptions", "ground": "environment", "world": "environment",
    "worlds": "scenarios",
    "rooms": "app", "living": "process", "webs": "http", "crowd": "load",
}  # fmt: skip
# As the whole name of a class or a module: each meant something else in every service that had it.
PRIVATE_NAMES = {
    "Deed", "Directory", "Do", "Entry", "Found", "Front", "Gates", "Guard", "Hands", "House", "Keeper", "Line", "Lines",
    "Named", "Names", "Order", "Outbound", "Part", "Piece", "Port", "Ports", "Question", "Rank", "Relay", "Released", "Say",
    "Settlement", "Shapes", "Shown", "Way", "What", "front", "hands", "names", "way",
}  # fmt: skip
PRONOUNS = {"one", "ones", "told", "nth"}  # As variables, parameters and attributes: the noun says more.
HONEST = {  # Each with its reason.
    "contracts/chatbot.py: ErrandEnded",  # The class of an event on the wire.
}


def parts(identifier: str) -> list[str]:
    return [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)]


def private(identifier: str) -> bool:
    return identifier in PRIVATE_NAMES or any(part in PRIVATE_WORDS for part in parts(identifier))


def violations(source: str) -> Iterator[str]:
    """The names in `source` that the lists above hold."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ClassDef(name=defined) if private(defined):
                yield defined
            case ast.FunctionDef(name=defined) | ast.AsyncFunctionDef(name=defined):
                if not defined.startswith("test_") and any(part in PRIVATE_WORDS for part in parts(defined)):
                    yield defined
            case ast.arg(arg=bound) if bound in PRONOUNS:
                yield bound
            case ast.Name(id=bound, ctx=ast.Store()) | ast.Attribute(attr=bound, ctx=ast.Store()) if bound in PRONOUNS:
                yield bound


def test_names_are_the_fields_standard_terms() -> None:
    found = {f"{name(path)}: {found}" for path in python_files() for found in violations(path.read_text())}
    found |= {f"{name(path)}: {path.stem}" for path in python_files() if private(path.stem)}
    assert not found - HONEST


@pytest.mark.parametrize("path", sorted(HONEST))
def test_an_exception_is_still_needed(path: str) -> None:
    file, _, defined = path.partition(": ")
    assert f"class {defined}(" in Path(ROOT / file).read_text()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("class KafkaEar: ...", ["KafkaEar"]),
        ("class Entry: ...", ["Entry"]),
        ("def bury_all() -> None: ...", ["bury_all"]),
        ("async def tell(event): ...", ["tell"]),
        ("def find(one): ...", ["one"]),
        ("told = {}", ["told"]),
        ("for nth, ones in pairs: ...", ["nth", "ones"]),
        ("self.told = 1", ["told"]),
        ("found = [one for one in documents]", ["one"]),
    ],
)
def test_a_planted_name_is_found(source: str, found: list[str]) -> None:
    assert list(violations(source)) == found


@pytest.mark.parametrize(
    "source",
    [
        "def search() -> None: ...",  # Holds "ear".
        "class HistoryEntry: ...",
        "def test_a_poison_record_is_put_aside_alone(): ...",  # A test's name is a sentence.
        "page.locator('.row').nth(1)",  # Another library's name.
        "def by_place(place, order, post): ...",
    ],
)
def test_an_honest_name_is_left_alone(source: str) -> None:
    assert not list(violations(source))
