"""Two commits' figures against each other: ratios of paired rounds, with an interval that says how sure they are."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scipy import stats

from bench.rows import TIMES

CONFIDENCE, TOLERATED = 0.95, 1.05
# Servers that no commit of ours changes: printed to show how alike the rounds were, never judged.
CONTROLS = ("webhook, bare server", "webhook, raw ASGI server", "FastStream baseline")
# As earlier commits called a figure → its name now.
RENAMED = {
    "round trip, tap: CPU of three houses": "round trip, tap: CPU of three services",
    "round trip, free text: CPU of three houses": "round trip, free text: CPU of three services",
}


class Verdict(StrEnum):
    """Of a figure of this commit, against the other's."""

    WORSE = "WORSE"
    BETTER = "better"
    ALIKE = "no worse"
    UNSURE = "unsure"  # More rounds would decide.
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in u for times, in `unit` for everything else."""

    value: float
    unit: str
    higher_is_better: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """`ratio` is how much dearer (slower, larger) the figure has become: above 1 is worse; with its confidence interval."""

    name: str
    unit: str
    before: float
    after: float
    ratio: float
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        if self.name.startswith(CONTROLS):
            return Verdict.CONTROL
        if self.low > TOLERATED:
            return Verdict.WORSE
        if self.high < 1:
            return Verdict.BETTER
        return Verdict.ALIKE if self.high <= TOLERATED else Verdict.UNSURE


def read(rows: Sequence[Mapping[str, Any]], u: float) -> dict[str, Figure]:
    """Returns a results.json's figures by today's names, of any commit since the benches began; `u` in seconds."""
    return {RENAMED.get(row["name"], row["name"]): _figure(row, u) for row in rows}


def _figure(row: Mapping[str, Any], u: float) -> Figure:
    value, unit = float(row["value"]), str(row["unit"])
    if unit in TIMES:
        return Figure(value * TIMES[unit] / u, "u", higher_is_better=False)
    higher_is_better = str(row["bar"]).startswith("≥") or unit.endswith("/s")
    if unit.endswith("/s"):  # A rate depends on the machine as a time does: so many in the time of a thousand u.
        return Figure(value * u * 1e3, f"{unit.removesuffix('/s')}/1000 u", higher_is_better)
    return Figure(value, unit, higher_is_better)


def compare(before: Sequence[Mapping[str, Figure]], after: Sequence[Mapping[str, Figure]]) -> list[Comparison]:
    """Returns what both commits measured in every round, except zeros, which have no ratio. Rounds are paired in order."""
    common = [name for name in after[0] if all(name in figures for figures in (*before, *after))]
    return [
        _compare(name, [figures[name] for figures in before], [figures[name] for figures in after])
        for name in common
        if all(figures[name].value > 0 for figures in (*before, *after))
    ]


def _compare(name: str, before: Sequence[Figure], after: Sequence[Figure]) -> Comparison:
    sign = -1 if after[0].higher_is_better else 1
    logs = [sign * math.log(new.value / old.value) for old, new in zip(before, after, strict=True)]
    middle, margin = statistics.fmean(logs), _margin(logs)
    return Comparison(
        name,
        after[0].unit,
        statistics.median(figure.value for figure in before),
        statistics.median(figure.value for figure in after),
        math.exp(middle),
        math.exp(middle - margin),
        math.exp(middle + margin),
    )


def _margin(logs: Sequence[float]) -> float:
    """Returns half the width of Student's interval for the mean: wide for few rounds, as it should be; endless for one."""
    if len(logs) < 2:
        return math.inf
    quantile = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(logs) - 1))
    return quantile * statistics.stdev(logs) / math.sqrt(len(logs))
