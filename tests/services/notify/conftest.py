"""The house on the real MongoDB with the fake Zalo behind it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.notify.inside import OA, OTHER_OA, Inside, inside


@pytest.fixture
async def play(mongo_url: str, tmp_path: Path) -> AsyncIterator[Inside]:
    """One house, two OAs that allow it to send."""
    async with inside(mongo_url, tmp_path) as made:
        await made.authorise(OA, OTHER_OA)
        yield made
