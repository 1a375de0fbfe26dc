"""Exam day in small: two thousand citizens ask within four seconds, and each is told the right marks, once."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bench.examday import ZALO_WAITS_MS, day, read_marks
from bench.imports import score_file
from bench.journey import ECHOES
from tests.journeys.province import Province

pytestmark = [pytest.mark.live, pytest.mark.slow]

CITIZENS, SECONDS, ROWS = 2_000, 4, 20_000


@pytest.fixture
async def quiet(whole: Province, http: aiohttp.ClientSession) -> AsyncIterator[Province]:
    """Without echoes, which nobody counts here; afterwards as before."""
    yield whole
    events = {"events": dict.fromkeys(ECHOES, True)}
    async with http.put(f"{whole.sandbox}/sandbox/webhooks/events", json=events) as answer:
        answer.raise_for_status()


async def test_everybody_is_told_the_right_marks_once_and_every_webhook_is_taken_in_time(
    quiet: Province, tmp_path: Path
) -> None:
    path = score_file(tmp_path / "diem.csv", ROWS)
    told = await day(quiet, path, CITIZENS, SECONDS)
    assert told.right(read_marks(path)) == CITIZENS
    assert (told.twice, told.other) == (0, 0)
    assert told.webhooks == {200: CITIZENS}
    assert told.slowest_ms < ZALO_WAITS_MS
