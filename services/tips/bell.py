"""Wakes who waits for work, in this process. Nothing depends on it but speed: the work itself is in the database."""

import asyncio
from contextlib import suppress


class Bell:
    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Until the next ring, or this long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()
