"""A limit on one operation, shorter than the driver's own: a webhook cannot wait for an election."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pymongo

from chassis.blame import Transient
from chassis.mongo import blame

_GRACE = 0.1  # The driver's own limit comes first, so that no thread is left behind with the operation.


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Raises Transient when MongoDB takes longer, or is away."""
    try:
        async with asyncio.timeout(seconds + _GRACE):
            with blame(), pymongo.timeout(seconds):
                yield
    except TimeoutError:
        raise Transient(f"MongoDB did not answer within {seconds} s") from None
