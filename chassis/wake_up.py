"""Wakes a job that waits for work, in this process. Nothing depends on it but speed: the work itself is in the database."""

import asyncio
from contextlib import suppress


class WakeUp:
    def __init__(self) -> None:
        self._event = asyncio.Event()

    def wake(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Returns at the next `wake()`, or after this many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()
