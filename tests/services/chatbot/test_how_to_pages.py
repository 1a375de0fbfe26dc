"""docs/how-to/add-an-errand.md is followed to the letter, in a copy of the tree; what it promises then holds."""

import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.rules.tree import ROOT

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "how-to" / "add-an-errand.md"
CHANGED, UNCHANGED = ("services", "content", "tests"), ("contracts", "chassis", "sandbox", "loa", "pyproject.toml")
BLOCK = re.compile(r'^```(\w+) title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree with the page's blocks in it."""
    tree = tmp_path_factory.mktemp("errand")
    for name in CHANGED:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in UNCHANGED:
        (tree / name).symlink_to(ROOT / name)
    for language, path, text in BLOCK.findall(PAGE.read_text()):
        apply(tree / path, language, text)
    return tree


def apply(path: Path, language: str, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    match language:
        case "diff":
            path.write_text(patched(path.read_text(), text.splitlines()))
        case "yaml":
            path.write_text(f"{path.read_text()}\n{text}")
        case _:
            path.write_text(text)


def patched(text: str, lines: list[str]) -> str:
    """`+` goes behind the line above it, or takes the place of the beginning of a line that `-` shows. Each occurs once."""
    for above, line in pairwise(lines):
        if not line.startswith("+"):
            continue
        anchor = above[1:]
        assert text.count(anchor) == 1, f"{anchor!r} is not where the page says"
        text = text.replace(anchor, line[1:] if above.startswith("-") else f"{anchor}\n{line[1:]}")
    return text


def run(tree: Path, *command: str) -> None:
    completed = subprocess.run(  # noqa: S603 — the words of these tests.
        [sys.executable, "-m", *command], cwd=tree, capture_output=True, text=True, check=False
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr


def test_the_errand_of_the_page_talks_as_it_says_and_its_folder_and_line_are_all_it_takes(built: Path) -> None:
    chats, rules = "tests/services/chatbot/features/power_cuts", "tests/services/chatbot/test_features.py"
    run(built, "pytest", "-q", "-p", "no:cacheprovider", "-m", "not live", chats, rules)


@pytest.mark.live
def test_its_store_answers_as_the_page_says(built: Path) -> None:
    run(built, "pytest", "-q", "-p", "no:cacheprovider", "-m", "live", "tests/services/chatbot/features/power_cuts")


def test_its_code_is_written_in_our_style(built: Path) -> None:
    folders = (
        "services/chatbot/features/power_cuts",
        "services/chatbot/app.py",
        "tests/services/chatbot/features/power_cuts",
    )
    run(built, "ruff", "check", "-q", *folders)
    run(built, "ruff", "format", "--check", "-q", *folders)
