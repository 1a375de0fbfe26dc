"""What the threat model and the table of ASVS name is there: each path, each test by its name, each chapter of the standard."""

import re

import pytest

from tests.rules.tree import ROOT

PAGES = ("docs/threat-model.md", "docs/asvs.md")
NAMED = re.compile(
    r"`((?:bench|chassis|contracts|content|deploy|docs|loa|sandbox|services|tests)/[\w./-]+?)(?:::(\w+))?`"
)
ROW = re.compile(r"^\| (\d+)\.(\d+)\.(\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ANSWERS = {"yes", "partly", "no", "n/a"}


def missing(text: str) -> list[str]:
    """Returns what a page names and nobody has: a path, or a test in its file."""
    return [f"{path}::{test}" if test else path for path, test in NAMED.findall(text) if not exists(path, test)]


def exists(path: str, test: str) -> bool:
    if not (ROOT / path).exists():
        return False
    return not test or re.search(rf"def {test}\(", (ROOT / path).read_text()) is not None


@pytest.mark.parametrize("page", PAGES)
def test_every_test_and_path_that_a_security_page_names_exists(page: str) -> None:
    assert not missing((ROOT / page).read_text())


def test_a_planted_name_is_missed() -> None:
    here = "tests/rules/test_security_pages.py"
    assert missing(f"`{here}::test_nothing` and `chassis/nowhere.py`, `{here}::test_a_planted_name_is_missed`") == [
        f"{here}::test_nothing",
        "chassis/nowhere.py",
    ]


def test_every_line_of_the_standard_has_an_answer_and_a_test_or_a_reason() -> None:
    rows = ROW.findall((ROOT / "docs/asvs.md").read_text())
    numbers = [tuple(map(int, row[:3])) for row in rows]
    assert numbers == sorted(set(numbers))
    assert {chapter for chapter, *_ in numbers} == set(range(1, 18))
    assert {row[4] for row in rows} <= ANSWERS
    assert all(row[3].strip() and row[5].strip() for row in rows)


def test_the_counts_at_the_head_are_those_of_the_table() -> None:
    text = (ROOT / "docs/asvs.md").read_text()
    rows = ROW.findall(text)
    for answer in ANSWERS:
        assert f"| {answer} | {sum(row[4] == answer for row in rows)} |" in text
