"""What people type exists, and `make help` tells of all of it."""

import re
import subprocess

import pytest

from tests.rules.tree import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("target", TARGETS)
def test_help_tells_what_a_target_does(target: str) -> None:
    help_text = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607 - make, of the path.
    assert re.search(rf"make {target}\s+\S", help_text)


def test_make_without_a_target_is_help() -> None:
    without_target, with_help = (
        subprocess.run(["make", "-s", *target], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603, S607 - make, of the path.
        for target in ([], ["help"])
    )
    assert without_target == with_help


def test_continuous_integration_runs_what_people_run() -> None:
    script = ROOT / ".ci" / "run"
    assert "make test" in script.read_text()
    assert script.stat().st_mode & 0o111
