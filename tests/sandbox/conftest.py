"""The stage on which every test of the sandbox plays."""

from collections.abc import AsyncIterator

import pytest

from tests.zalo import SandboxHarness, sandbox_harness


@pytest.fixture
async def play() -> AsyncIterator[SandboxHarness]:
    async with sandbox_harness() as made:
        yield made
