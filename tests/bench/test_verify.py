"""What `make verify` reports, and how its age is told."""

from pathlib import Path

import pytest

from bench import verify
from bench.verify import STEPS, Result, Step, age, page, run


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(verify, "commit", lambda: "abcdef123456")
    monkeypatch.setattr(verify, "commits_since", lambda _: 7)
    monkeypatch.setattr(verify, "REPORT", tmp_path / "report.md")
    return tmp_path / "report.md"


def test_a_step_passes_or_fails_by_its_exit_code_and_its_last_line_is_kept(report: Path) -> None:
    good, bad = (
        run(Step("a step", "", ("sh", "-c", f"echo 1st; echo '== 5 passed =='; exit {code}"))) for code in (0, 3)
    )
    assert (good.outcome, good.figures) == ("passed", "5 passed")
    assert bad.outcome == "FAILED"
    assert not report.exists()


@pytest.mark.parametrize("needs", [("false",), ("no-such-command-anywhere",)])
def test_a_step_whose_need_is_not_met_says_so(needs: tuple[str, ...]) -> None:
    assert (
        run(Step("images", "", ("true",), needs=needs, without="no daemon here")).outcome == "not run: no daemon here"
    )


def test_only_known_steps_are_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(["chaos", "nonsense"]) == 2
    assert "no such step: nonsense" in capsys.readouterr().out


def test_age_tells_the_commit_the_date_and_how_many_steps_passed(report: Path) -> None:
    report.write_text(page([Result(STEPS[0], "passed", 60, "12 passed"), Result(STEPS[1], "FAILED", 90, "1 failed")]))
    assert age().startswith("The last `make verify`: 7 commits ago (abcdef123456, 20")
    assert age().endswith("1 of 8 steps passed.")


def test_age_of_a_report_that_is_not_there(report: Path) -> None:
    assert not report.exists()
    assert age() == "`make verify` has never been reported."


def test_age_of_a_page_that_is_no_report(report: Path) -> None:
    report.write_text("# A page\nsomething\n")
    assert "is not a report" in age()
