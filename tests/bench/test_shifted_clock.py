"""A process's wall clock is set while it runs, and its monotonic clock is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.shifted_clock import ShiftedClocks

PROGRAM = """
import sys, time
from datetime import datetime
for line in sys.stdin:
    print(time.time(), datetime.now().timestamp(), time.monotonic(), flush=True)
"""


def test_the_wall_clock_jumps_and_the_monotonic_one_goes_on(tmp_path: Path) -> None:
    clocks = ShiftedClocks.build(tmp_path)
    if clocks is None:
        pytest.skip("no C compiler")
    process = subprocess.Popen(  # noqa: S603 - our own words.
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **clocks.environment("a")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    readings = []
    for seconds in (0, 3_600, -3_600):
        clocks.shift("a", seconds)
        process.stdin.write("\n")
        process.stdin.flush()
        readings.append([float(word) for word in process.stdout.readline().split()])
    process.communicate()
    (before, _, started), (ahead, ahead_too, _), (behind, _, ended) = readings
    assert 3_000 < ahead - before < 4_200
    assert abs(ahead - ahead_too) < 60
    assert -4_200 < behind - before < -3_000
    assert 0 <= ended - started < 600
