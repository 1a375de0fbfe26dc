"""How long an unavailable dependency is waited for: bounded, jittered, and short enough that no rebalance is missed."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from chassis.errors import TooSlowError, TransientError
from chassis.metrics import RETRIES

T = TypeVar("T")
_A_MINUTE = (
    0.2,
    0.5,
    1.0,
    2.0,
    *[4.0] * 14,
)  # Seconds. Short steps, so that work goes on soon after the dependency is back.


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    waits_seconds: tuple[float, ...] = _A_MINUTE
    attempt_seconds: float = 60  # An attempt that takes longer counts as an unavailable dependency.
    jitter: Callable[[], float] = random.random
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def retry(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Returns the result of `attempt`, repeated after each TransientError. Raises the last one when the waits are used up."""
        for wait in self.waits_seconds:
            try:
                return await self._bounded(attempt)
            except TransientError:
                RETRIES.inc()
                await self.sleep(wait * (0.5 + self.jitter()))  # Half to one and a half: replicas do not retry in step.
        return await self._bounded(attempt)  # The last attempt. Its failure is the caller's.

    async def _bounded(self, attempt: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self.attempt_seconds):
                return await attempt()
        except TimeoutError as slow:
            raise TooSlowError(f"not done within {self.attempt_seconds} s") from slow
