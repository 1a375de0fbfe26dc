"""The stage on which every test of the sandbox plays."""

from collections.abc import AsyncIterator

import pytest

from tests.zalo import Stage, stage


@pytest.fixture
async def play() -> AsyncIterator[Stage]:
    async with stage() as made:
        yield made
