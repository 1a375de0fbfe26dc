"""Text becomes a number in one place, `contracts.text.read_number`: `isdigit` is true of `²`, on which `int` fails."""

import ast
from collections.abc import Iterator

import pytest

from tests.rules.tree import ROOT, name, python_files

_TESTS_OF_DIGITS = frozenset({"isdigit", "isdecimal", "isnumeric"})
_NUMERIC_CALLS = frozenset({"total_seconds", "timestamp", "count_documents", "create_time", "sum", "pseudonym"})
_NUMERIC_ATTRIBUTES = frozenset({"modified_count", "deleted_count", "priority"})

HONEST = {  # By file and what is converted, each with its reason.
    "services/chatbot/content/search/geo.py: index": "numpy's",
    "services/chatbot/nlu/explain.py: column": "numpy's",
    "services/chatbot/nlu/explain.py: order[0, 0]": "numpy's",
    "services/chatbot/nlu/explain.py: order[0, 1]": "numpy's",
    "services/chatbot/nlu/explain.py: vectoriser.keys[column]": "numpy's",
    "services/chatbot/features/appointments/store/seats.py: row['count']": "MongoDB's own count",
    "services/gateway/zalo/envelope.py: value": "a float that is whole",
    "services/notify/jobs.py: priority": "a member of an IntEnum",
    "services/notify/zalo/answer.py: payload['error']": "Zalo's negative numbers; ValueError is answered",
}


def conversions(source: str) -> Iterator[str]:
    """What `source` turns into numbers, or takes for numbers, in its own way."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=attribute) if attribute in _TESTS_OF_DIGITS:
                yield attribute
            case ast.Call(func=ast.Name(id="int"), args=[argument, *_]) if not _is_numeric(argument):
                yield ast.unparse(argument)


def _is_numeric(argument: ast.expr) -> bool:
    match argument:
        case ast.BinOp():
            return True
        case ast.Call(func=ast.Attribute(attr=called)) | ast.Await(value=ast.Call(func=ast.Attribute(attr=called))):
            return called in _NUMERIC_CALLS
        case ast.Attribute(attr=attribute):
            return attribute in _NUMERIC_ATTRIBUTES
        case _:
            return False


def found() -> set[str]:
    files = [path for path in python_files() if path.is_relative_to(ROOT / "services")]
    return {f"{name(path)}: {converted}" for path in files for converted in conversions(path.read_text())}


def test_services_read_numbers_with_the_one_function() -> None:
    assert not found() - HONEST.keys(), "use contracts.text.read_number, is_digits or has_digit"


def test_every_exception_is_still_needed() -> None:
    assert not HONEST.keys() - found()


@pytest.mark.parametrize(
    "source", ["int(text)", "int(match[1])", "int(turn.text.strip())", "text.isdigit()", "int(slots.get('page'))"]
)
def test_a_planted_conversion_is_found(source: str) -> None:
    assert list(conversions(source))


@pytest.mark.parametrize("source", ["int(wait * 1_000)", "int(life.total_seconds())", "float(text)"])
def test_a_number_that_becomes_whole_is_left_alone(source: str) -> None:
    assert not list(conversions(source))
