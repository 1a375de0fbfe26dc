"""How two commits' figures are compared: in u, round by round, with an interval."""

from collections.abc import Sequence
from typing import Any

import pytest

from bench.compare import read_options
from bench.ratios import Comparison, Figure, Verdict, compare, read

U = 200e-6  # Seconds.


def row(name: str, value: float, unit: str, bar: str = "") -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "bar": bar, "passed": None, "note": ""}


def rounds(name: str, values: Sequence[float], *, higher_is_better: bool = False) -> list[dict[str, Figure]]:
    return [{name: Figure(value, "u", higher_is_better)} for value in values]


def compared(before: Sequence[float], after: Sequence[float], name: str = "cost", **more: bool) -> Comparison:
    (comparison,) = compare(rounds(name, before, **more), rounds(name, after, **more))
    return comparison


@pytest.mark.parametrize(("value", "unit"), [(0.4, "ms/message"), (400.0, "µs/webhook"), (0.4, "ms")])
def test_a_time_is_told_in_u(value: float, unit: str) -> None:
    (figure,) = read([row("cost", value, unit)], U).values()
    assert figure.value == pytest.approx(2)
    assert (figure.unit, figure.higher_is_better) == ("u", False)


def test_a_rate_is_told_per_thousand_u_so_that_a_slower_machine_gives_the_same() -> None:
    (quick,) = read([row("rate", 5_000, "messages/s", "≥ 3000")], U).values()
    (slow,) = read([row("rate", 2_500, "messages/s", "≥ 3000")], 2 * U).values()
    assert quick == slow
    assert quick.value == pytest.approx(1_000)
    assert (quick.unit, quick.higher_is_better) == ("messages/1000 u", True)


def test_a_ratio_stays_as_it_is_and_its_bar_says_what_is_better() -> None:
    figures = read([row("against the baseline", 18, "×", "≥ 25"), row("growth", 0.9, "×", "≤ 1.2")], U)
    assert figures["against the baseline"] == Figure(18, "×", higher_is_better=True)
    assert figures["growth"] == Figure(0.9, "×", higher_is_better=False)


def test_a_figure_that_an_earlier_commit_called_otherwise_is_the_same_figure() -> None:
    earlier = read([row("round trip, tap: CPU of three houses", 1, "ms/message")], U)
    later = read([row("round trip, tap: CPU of three services", 1, "ms/message")], U)
    assert earlier == later


def test_what_only_one_commit_measures_is_not_compared() -> None:
    assert compare(rounds("old", [1, 1]), rounds("new", [1, 1])) == []


def test_a_figure_that_is_zero_has_no_ratio() -> None:
    assert compare(rounds("answered twice", [0, 0]), rounds("answered twice", [0, 1])) == []


def test_a_cost_ten_per_cent_higher_in_every_round_is_worse() -> None:
    comparison = compared([1.0, 1.2, 0.9, 1.1, 1.0], [1.11, 1.32, 0.99, 1.2, 1.1])
    assert comparison.ratio == pytest.approx(1.1, abs=0.01)
    assert comparison.verdict is Verdict.WORSE


def test_a_rate_ten_per_cent_lower_in_every_round_is_worse_too() -> None:
    comparison = compared([100, 120, 90, 110], [90, 108, 81, 99], higher_is_better=True)
    assert comparison.ratio == pytest.approx(1 / 0.9)
    assert comparison.verdict is Verdict.WORSE


def test_three_per_cent_more_is_within_what_is_tolerated() -> None:
    assert compared([1.0, 1.2, 0.9, 1.1], [1.03, 1.236, 0.927, 1.133]).verdict is Verdict.ALIKE


def test_a_lower_cost_is_better() -> None:
    assert compared([1.0, 1.2, 0.9, 1.1], [0.8, 0.95, 0.73, 0.88]).verdict is Verdict.BETTER


def test_rounds_that_contradict_each_other_decide_nothing() -> None:
    assert compared([1.0, 1.0, 1.0], [0.7, 1.5, 1.3]).verdict is Verdict.UNSURE


def test_one_round_decides_nothing() -> None:
    assert compared([1.0], [2.0]).verdict is Verdict.UNSURE


def test_a_server_that_no_commit_changes_is_shown_and_not_judged() -> None:
    assert compared([1.0, 1.0], [2.0, 2.0], "webhook, bare server: CPU").verdict is Verdict.CONTROL


def test_benches_may_stand_behind_the_number_of_rounds_as_make_writes_them() -> None:
    options = read_options(["main", "--rounds", "3", "webhook", "journey"])
    assert (options.ref, options.rounds, options.benches) == ("main", 3, ["webhook", "journey"])
