"""Exam day in small: two thousand citizens ask within four seconds, and each is told the right marks, once."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bench.examday import day
from bench.examday_result import ZALO_WAITS_MS, read_marks
from bench.imports import score_file
from bench.journey import ECHOES
from loa.testkit.system import FullSystem

pytestmark = [pytest.mark.live, pytest.mark.slow]

CITIZENS, SECONDS, ROWS = 2_000, 4, 20_000


@pytest.fixture
async def quiet_system(system: FullSystem, http: aiohttp.ClientSession) -> AsyncIterator[FullSystem]:
    """Without echoes, which nobody counts here; afterwards as before."""
    yield system
    events = {"events": dict.fromkeys(ECHOES, True)}
    async with http.put(f"{system.sandbox}/sandbox/webhooks/events", json=events) as answer:
        answer.raise_for_status()


async def test_everybody_is_told_the_right_marks_once_and_every_webhook_is_taken_in_time(
    quiet_system: FullSystem, tmp_path: Path
) -> None:
    path = score_file(tmp_path / "diem.csv", ROWS)
    result = await day(quiet_system, path, CITIZENS, SECONDS)
    assert result.answered_right(read_marks(path)) == CITIZENS
    assert (result.answered_twice, result.other) == (0, 0)
    assert result.webhooks == {200: CITIZENS}
    assert result.slowest_ms < ZALO_WAITS_MS
