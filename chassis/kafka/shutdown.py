"""Closing a Kafka client without hanging with it, and without leaving part of it behind.

aiokafka's own stop() may wait for the broker without limit (4), or end early with the CancelledError of an inner task (7). What
it then leaves behind goes on: a heartbeat holds partitions that nobody reads, a sender delivers records that were given up.
So after a regular stop, bounded, every task is ended and every connection closed. These are private names of aiokafka, pinned
by the lock; tests/chassis/kafka counts what is left.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

log = structlog.get_logger()

_POLITE_SECONDS, _HARD_SECONDS = 5.0, 1.0


async def stop_consumer(consumer: AIOKafkaConsumer) -> None:
    """Leave the group if the broker is there to hear it. Takes eight seconds at most, raises nothing."""
    await bounded(consumer.stop(), _POLITE_SECONDS)
    await _end(consumer._client, _tasks_of(consumer))  # noqa: SLF001 — see above.


async def stop_producer(producer: AIOKafkaProducer) -> None:
    """Deliver what is in hand if the broker takes it. Takes eight seconds at most, raises nothing."""
    await bounded(producer.stop(), _POLITE_SECONDS)
    await drop_producer(producer)


async def drop_producer(producer: AIOKafkaProducer) -> None:
    """Deliver nothing more. Takes three seconds at most, raises nothing."""
    producer._closed = True  # noqa: SLF001 — see above; or it complains when it is collected.
    await _end(producer.client, [producer._sender.sender_task])  # noqa: SLF001 — see above.


async def bounded(stopping: Awaitable[Any], seconds: float) -> None:
    """Wait for `stopping`, at most `seconds`, whatever it raises."""
    task = asyncio.ensure_future(stopping)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.cancel()
        await asyncio.wait({task}, timeout=_HARD_SECONDS)
    if task.done() and not task.cancelled() and task.exception() is not None:
        log.warning("client_stop_failed", fault=type(task.exception()).__name__)


def _tasks_of(consumer: AIOKafkaConsumer) -> list[asyncio.Task[Any] | None]:
    coordinator, fetcher = consumer._coordinator, consumer._fetcher  # noqa: SLF001 — see above.
    group = ("_coordination_task", "_heartbeat_task", "_commit_refresh_task")
    fetches = [fetcher._fetch_task, *fetcher._pending_tasks] if fetcher else []  # noqa: SLF001 — see above.
    return [*(getattr(coordinator, name, None) for name in group), *fetches]


async def _end(client: Any, tasks: Iterable[asyncio.Task[Any] | None]) -> None:
    left = {task for task in tasks if task is not None and not task.done()}
    for task in left:
        task.cancel()
    await bounded(client.close(), _HARD_SECONDS)  # First: what is in flight ends with its connection.
    for _ in range(2):  # A sender, once cancelled, waits for its requests; the second time they are cancelled with it.
        if left:
            _, left = await asyncio.wait(left, timeout=_HARD_SECONDS / 2)
        for task in left:
            task.cancel()
