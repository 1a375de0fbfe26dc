"""Stopping a Kafka client without hanging with it."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog

log = structlog.get_logger()

_STOP_SECONDS = 5.0


async def bounded_stop(stopping: Awaitable[Any]) -> None:
    """(4, 7, 12) stop() of a client may hang without limit, or leak the CancelledError of its own inner tasks."""
    task = asyncio.ensure_future(stopping)
    done, _ = await asyncio.wait({task}, timeout=_STOP_SECONDS)
    if not done:
        task.cancel()
        await asyncio.wait({task}, timeout=1)
    if task.done() and not task.cancelled() and task.exception() is not None:
        log.warning("client_stop_failed", fault=type(task.exception()).__name__)
