"""What a scrape shows, from the first one on."""

import subprocess
import sys
from functools import cache

from contracts.catalogue import READERS, TOPICS
from loa.runtime.settings import ROOT

FRESH = f"""
from prometheus_client import generate_latest
import chassis.metrics, chassis.mongo
chassis.metrics.prepare({READERS["notify"]!r}, {TOPICS!r})
print(generate_latest().decode())
"""


@cache
def series_of_a_fresh_process() -> dict[str, float]:
    completed = subprocess.run(  # noqa: S603 — the script above.
        [sys.executable, "-c", FRESH], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    lines = [line for line in completed.stdout.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_every_series_is_there_at_zero_from_the_first_scrape() -> None:
    series = series_of_a_fresh_process()
    for topic in READERS["notify"]:
        assert series[f'loa_lag_records{{topic="{topic}"}}'] == 0
        for outcome in ("done", "buried", "not_ours"):
            assert series[f'loa_records_total{{outcome="{outcome}",topic="{topic}"}}'] == 0
    for topic in TOPICS:
        assert series[f'loa_said_total{{topic="{topic}"}}'] == 0
    for name in (
        'loa_commits_total{outcome="failed"}',
        'loa_rebalances_total{event="revoked"}',
        'loa_dependency_up{dependency="mongo"}',
        'loa_mongo_command_seconds_count{command="update",outcome="failed"}',
        "loa_consumer_stuck_total",
        "loa_say_failures_total",
        "loa_version_races_lost_total",
    ):
        assert series[name] == 0


def test_a_process_shows_few_enough_series() -> None:
    """The largest reader, all topics: thousands of citizens and OAs must not be able to add one."""
    assert len(series_of_a_fresh_process()) < 3_000
