"""Every error code that Zalo documents: met here in a situation one can reach, or listed with the reason why not."""

import re
from pathlib import Path

import pytest

from sandbox.errors import ROWS, Family
from tests.sandbox.situations import OA_SITUATIONS, Situation
from tests.sandbox.situations_by_phone import OAUTH_SITUATIONS, ZNS_SITUATIONS
from tests.zalo import SandboxHarness

SITUATIONS: dict[tuple[Family, int], Situation] = {
    **{("oa", code): situation for code, situation in OA_SITUATIONS.items()},
    **{("zns", code): situation for code, situation in ZNS_SITUATIONS.items()},
    **{("oauth", code): situation for code, situation in OAUTH_SITUATIONS.items()},
}
REACHABLE = {(row.family, row.code): row for row in ROWS if row.when}


@pytest.mark.parametrize(("family", "code"), sorted(SITUATIONS), ids=str)
async def test_each_code_is_raised_by_its_situation(play: SandboxHarness, family: Family, code: int) -> None:
    reply = await SITUATIONS[family, code](play)
    assert reply["error"] == code
    assert REACHABLE[family, code].message in reply.get("message", REACHABLE[family, code].message)


def test_the_table_and_the_situations_name_the_same_codes() -> None:
    assert set(SITUATIONS) == set(REACHABLE)


def test_each_code_has_either_a_situation_or_a_reason() -> None:
    for row in ROWS:
        assert bool(row.when) != bool(row.why_not), row.code


def test_no_code_stands_twice_in_one_family() -> None:
    keys = [(row.family, row.code) for row in ROWS]
    assert len(keys) == len(set(keys))


def test_the_readme_gives_the_true_numbers() -> None:
    readme = (Path(__file__).parents[2] / "sandbox/README.md").read_text("utf-8")
    match = re.search(r"(\d+) of the (\d+) documented codes", readme)
    assert match is not None
    assert (int(match[1]), int(match[2])) == (len(REACHABLE), len(ROWS))
