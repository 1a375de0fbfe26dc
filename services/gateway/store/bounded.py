"""A limit on one operation, shorter than the driver's own: a webhook cannot wait for an election."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pymongo

from chassis.errors import TransientError
from chassis.mongo import translate_errors

_GRACE = 0.1  # The driver's own limit comes first, so that no thread is left behind with the operation.


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Raises TransientError when MongoDB takes longer, or is away."""
    try:
        async with asyncio.timeout(seconds + _GRACE):
            with translate_errors(), pymongo.timeout(seconds):
                yield
    except TimeoutError:
        raise TransientError(f"MongoDB did not answer within {seconds} s") from None
