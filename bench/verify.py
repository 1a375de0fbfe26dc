"""`make verify`: every promise, in hours, and docs/verify-report.md, which is committed. `--age` tells how old that is.

`python -m bench.verify [STEP …]` runs some steps only; the report then says which were left out.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.machine import commit, commits_since, machine, uncommitted

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "verify-report.md"
PYTEST = (sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--timeout", "600",
          "--hypothesis-profile", "search")  # fmt: skip
LAST_WORDS = 160


@dataclass(frozen=True, slots=True)
class Step:
    """`needs` is a command that must succeed for the step to be possible; `without` is what to say where it does not."""

    name: str
    proves: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    needs: Sequence[str] = ()
    without: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    step: Step
    outcome: str  # passed, FAILED, or "not run: …".
    seconds: float = 0.0
    figures: str = ""


STEPS = (
    Step("check", "format, lint, types, import rules, unit tests", ("make", "-s", "check")),
    Step("suite", "every test, on Kafka, in a browser of two sizes", (*PYTEST, "--cov")),
    Step(
        "tansu",
        "messages and journeys on the other broker",
        (*PYTEST, "-m", "live and not durable and not browser", "tests/chassis", "tests/journeys"),
        {"BROKER": "tansu"},
    ),
    Step("eval", "how well questions are understood", (sys.executable, "-m", "loa", "eval")),
    Step("chaos", "50 faults, two replicas: nothing lost, doubled, invented, reordered", (sys.executable, "-m", "bench.chaos")),
    Step("spool", "the broker gone for a minute", (sys.executable, "-m", "bench.spool")),
    Step("bench", "what it costs: bench/results.json", (sys.executable, "-m", "bench")),
    Step(
        "images",
        "the containers' images can be built",
        ("docker", "compose", "build", "--quiet"),
        needs=("docker", "info"),
        without="no Docker daemon on this machine",
    ),
)  # fmt: skip


def main(words: Sequence[str]) -> int:
    """Returns 1 when a step failed."""
    if list(words) == ["--age"]:
        print(age())
        return 0
    names = [step.name for step in STEPS]
    if unknown := set(words) - set(names):
        print(f"no such step: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
        return 2
    results = []
    for step in STEPS:
        results.append(run(step) if not words or step.name in words else Result(step, "not run: left out"))
        REPORT.write_text(page(results), encoding="utf-8")  # After each: hours of work are not lost with the last step.
    return int(any(result.outcome == "FAILED" for result in results))


def run(step: Step) -> Result:
    """Run a step to its end. Its output is shown as it comes, and its last line of figures kept."""
    if step.needs and not _succeeds(step.needs):
        return Result(step, f"not run: {step.without}")
    print(f"── {step.name}: {step.proves}", flush=True)
    began, last = time.monotonic(), ""
    environment = {**os.environ, **step.environment}
    process = subprocess.Popen(  # noqa: S603 - the words above.
        step.command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        last = line.strip(" =\n│┃└┘─") or last
    code = process.wait()
    return Result(step, "passed" if code == 0 else "FAILED", time.monotonic() - began, last[:LAST_WORDS])


def _succeeds(command: Sequence[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - a step's own words.


def page(results: Sequence[Result]) -> str:
    """Returns the report. Its second line is what `age` reads."""
    passed = sum(result.outcome == "passed" for result in results)
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    changes = ", with changes that were not committed" if uncommitted() else ""
    rows = [
        f"| {result.step.name} | {result.step.proves} | {result.outcome} | {result.seconds / 60:.1f} min "
        f"| {result.figures.replace('|', '/')} |"
        for result in results
    ]
    return "\n".join(
        [
            "# The last `make verify`",
            f"Commit `{commit()}`{changes}, {when}: {passed} of {len(STEPS)} steps passed.",
            f"\n{machine()}; load average {os.getloadavg()[2]:.1f} over the last quarter of an hour.\n",
            "| step | proves | result | took | figures |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def age() -> str:
    """Returns a sentence on the committed report: of which commit, how many commits ago, and what it found."""
    if not REPORT.exists():
        return "`make verify` has never been reported."
    head = REPORT.read_text(encoding="utf-8").splitlines()[1]
    found = re.match(r"Commit `([0-9a-f]+)`.*, (\d{4}-\d\d-\d\d) .*: (\d+ of \d+) steps passed", head)
    if found is None:
        return f"{REPORT.name} is not a report of `make verify`."
    count = commits_since(found[1])
    ago = "of a commit that is not in this history" if count is None else f"{count} commits ago"
    return f"The last `make verify`: {ago} ({found[1]}, {found[2]}), {found[3]} steps passed."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
