"""Waiting for conditions instead of seconds."""

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool], seconds: float = 5) -> None:
    """Returns as soon as it holds. Raises TimeoutError when it does not in time."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 — what is waited for tells nobody.
            await asyncio.sleep(0.002)
