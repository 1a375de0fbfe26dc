"""Docstrings, comments and pages are in plain English: metaphors that once stood for the field's terms do not come back."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.rules.tree import ROOT, files, name, python_files

FOLDERS = ("contracts", "chassis", "services", "sandbox", "loa", "bench")
METAPHORS = re.compile(
    r"\b(houses?|mouths?|ears?|bury|burials?|graves?|knobs?|whence|minted|blamed|patience|(?:of|to|asks?|for) the world)\b",
    re.IGNORECASE,
)


def prose(source: str) -> Iterator[str]:
    """The comments and docstrings of a module."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


@pytest.mark.parametrize("folder", FOLDERS)
def test_docstrings_and_comments_are_in_plain_english(folder: str) -> None:
    sources = [path for path in python_files() if path.is_relative_to(ROOT / folder)]
    assert not {
        f"{name(path)}: {found[0]}"
        for path in sources
        for text in prose(path.read_text())
        if (found := METAPHORS.search(text))
    }


def test_pages_are_in_plain_english() -> None:
    pages = [path for path in files() if path.suffix == ".md" and not path.is_relative_to(ROOT / "content")]
    found = {f"{name(path)}: {word[0]}" for path in pages if (word := METAPHORS.search(path.read_text()))}
    assert not found


@pytest.mark.parametrize(
    "source", ['"""What every house says."""', "x = 1  # The mouth is closed.", "def f():\n    '''Bury it.'''"]
)
def test_a_planted_metaphor_is_found(source: str) -> None:
    assert any(METAPHORS.search(text) for text in prose(source))
