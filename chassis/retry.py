"""How long we wait for the world. Bounded, jittered, and short enough that a rebalance is never missed for it."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from chassis.errors import TransientError
from chassis.metrics import RETRIES

T = TypeVar("T")
_A_MINUTE = (0.2, 0.5, 1.0, 2.0, *[4.0] * 14)  # In steps short enough that we are soon back when the world is.


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    waits_seconds: tuple[float, ...] = _A_MINUTE
    attempt_seconds: float = 60  # One attempt may take this long before the world is blamed for it.
    max_dead_letters: int = 10  # Of different conversations in a row; then we blame ourselves.
    jitter: Callable[[], float] = random.random
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def retry(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """What `attempt` gives, tried again while the world is at fault. Raises the last Transient when patience ends."""
        for wait in self.waits_seconds:
            try:
                return await self._bounded(attempt)
            except TransientError:
                RETRIES.inc()
                await self.sleep(wait * (0.5 + self.jitter()))  # Half to one and a half: replicas do not march in step.
        return await self._bounded(attempt)  # The last try. Its failure is for the caller to judge.

    async def _bounded(self, attempt: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self.attempt_seconds):
                return await attempt()
        except TimeoutError as slow:
            raise TransientError(f"not settled within {self.attempt_seconds} s") from slow
