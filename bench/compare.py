"""`make bench-compare REF=…`: the same benches of another commit and of this one, by turns, and how their figures compare.

Each commit runs its own benches, in a copy of its tree, in this Python environment; what is not committed takes no part.
Before and after each run u is measured by this checkout's yardstick, so that both are in the same unit.
Exit code 1: a figure is worse by more than 5 %, and its interval leaves no doubt.
"""

import argparse
import asyncio
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.ratios import Comparison, Figure, Verdict, compare, read
from bench.yardstick import measure_u

DEFAULT = ("webhook", "pipeline", "journey")
ROUNDS = 5
ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str]) -> int:
    """Returns 1 when a figure is worse beyond doubt, 2 when a commit's benches could not be run."""
    options = read_options(arguments)
    try:
        names = [commit(options.ref), commit("HEAD")]
        with tempfile.TemporaryDirectory(prefix="loa-compare-") as folder:
            trees = [check_out(name, Path(folder) / name) for name in names]
            before, after = take_turns(trees, options.benches or DEFAULT, options.rounds)
    except (subprocess.CalledProcessError, RuntimeError) as error:
        print(f"could not compare: {error}", file=sys.stderr)
        return 2
    comparisons = compare(before, after)
    show(comparisons, names, options.rounds)
    return int(any(comparison.verdict is Verdict.WORSE for comparison in comparisons))


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench-compare REF=…", description="This commit's benches against REF's."
    )
    parser.add_argument("ref", help="the commit, branch or tag to compare with")
    parser.add_argument("benches", nargs="*", help=f"which benches; {' '.join(DEFAULT)} by default")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns of each commit")
    return parser.parse_intermixed_args(arguments)  # BENCHES may stand behind --rounds, as make writes them.


def commit(ref: str) -> str:
    """Returns the short id of a commit. Raises CalledProcessError when git knows no such commit."""
    return _git("rev-parse", "--short=12", "--verify", f"{ref}^{{commit}}").decode().strip()


def check_out(name: str, folder: Path) -> Path:
    """Returns `folder` with the commit's files in it, as they are in git and nothing else."""
    with tarfile.open(fileobj=io.BytesIO(_git("archive", "--format=tar", name))) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _git(*words: str) -> bytes:
    return subprocess.run(["git", "-C", str(ROOT), *words], stdout=subprocess.PIPE, check=True).stdout  # noqa: S603, S607 - git, of the path.


def take_turns(trees: Sequence[Path], benches: Sequence[str], rounds: int) -> list[list[dict[str, Figure]]]:
    """Returns for each tree the figures of each round. Every run is expressed in the mean of the u before it and after it."""
    figures: list[list[dict[str, Figure]]] = [[] for _ in trees]
    u = asyncio.run(measure_u())
    for number in range(1, rounds + 1):
        for tree, of_tree in zip(trees, figures, strict=True):
            print(
                f"round {number} of {rounds}, {tree.name}: {', '.join(benches)} (1 u = {u * 1e6:.0f} µs) …", flush=True
            )
            rows = run(tree, benches)
            previous, u = u, asyncio.run(measure_u())
            of_tree.append(read(rows, (previous + u) / 2))
    return figures


def run(tree: Path, benches: Sequence[str]) -> list[dict[str, Any]]:
    """Returns the rows that this tree's own benches write; a missed bar is no failure. Raises RuntimeError on any other."""
    results = tree / "bench" / "results.json"
    results.unlink(missing_ok=True)
    command = [sys.executable, "-m", "bench", *benches]
    ended = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)  # noqa: S603 - the words above.
    if not results.exists():
        raise RuntimeError(f"the benches of {tree.name} ended with {ended.returncode}:\n{ended.stdout[-3000:]}")
    rows: list[dict[str, Any]] = json.loads(results.read_text(encoding="utf-8"))["rows"]
    return rows


def show(comparisons: Sequence[Comparison], names: Sequence[str], rounds: int) -> None:
    before, after = names
    table = Table("figure", before, after, "unit", "ratio (above 1 is worse)", "95 % interval", "")
    for line in comparisons:
        interval = f"{line.low:.3f} to {line.high:.3f}" if rounds > 1 else "needs two rounds"
        values = f"{line.before:,.3g}", f"{line.after:,.3g}"
        table.add_row(line.name, *values, line.unit, f"{line.ratio:.3f}", interval, line.verdict)
    Console(width=160).print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
