"""A province's own system over HTTP: bounded in time, size and number, behind a breaker, and never believed unread.

Questions are JSON in a POST, so that no code or name stands in anybody's access log. 200 answers, 404 knows no such thing;
anything else, and whatever does not parse, means that the source is away. docs/lookups.md is the agreement with the other side.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp

from services.chatbot.lookups.breaker import Breaker
from services.chatbot.metrics import SOURCE_ANSWERS

AT_ONCE = 16
CALL_SECONDS = 1.5
BATCH_SECONDS = 2.2  # Less than the driver's patience: what has been answered by then is not lost with the rest.
MOST_BYTES = 256 * 1024
_OK, _NOT_FOUND = 200, 404

K = TypeVar("K")
M = TypeVar("M")


class Away(Exception):  # noqa: N818 — the world's state.
    """The source did not answer, or not in a way that can be believed."""


@dataclass(slots=True)
class Remote:
    name: str  # Of the source, in metrics: dossiers, scores, fines.
    url: str
    session: aiohttp.ClientSession = field(repr=False)
    token: str = field(default="", repr=False)
    breaker: Breaker = field(default_factory=Breaker)
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def ask_all(
        self, path: str, bodies: Mapping[K, Mapping[str, Any]], read: Callable[[K, bytes], M]
    ) -> dict[K, M | None]:
        """None for what the source does not know; those it did not answer are left out. `read` raises ValueError."""
        tasks = {key: asyncio.create_task(self._ask(path, body, key, read)) for key, body in bodies.items()}
        if not tasks:
            return {}
        try:
            await asyncio.wait(tasks.values(), timeout=BATCH_SECONDS)
        finally:
            for task in tasks.values():
                task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        return {key: task.result() for key, task in tasks.items() if not task.cancelled() and not task.exception()}

    async def _ask(self, path: str, body: Mapping[str, Any], key: K, read: Callable[[K, bytes], M]) -> M | None:
        async with self._gate:
            if not self.breaker.allow():
                SOURCE_ANSWERS.labels(self.name, "skipped").inc()
                raise Away
            try:
                data = await self._call(path, body)
                found = None if data is None else read(key, data)
            except asyncio.CancelledError:
                self.breaker.gave_up()
                raise
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError, Away):
                self.breaker.failed()
                SOURCE_ANSWERS.labels(self.name, "failed").inc()
                raise Away from None  # What was asked and what came back stay out of every traceback.
            self.breaker.succeeded()
            SOURCE_ANSWERS.labels(self.name, "answered").inc()
            return found

    async def _call(self, path: str, body: Mapping[str, Any]) -> bytes | None:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
        asked = self.session.post(
            self.url.rstrip("/") + path, json=body, headers=headers, timeout=timeout, allow_redirects=False
        )
        async with asked as answer:
            if answer.status == _NOT_FOUND:
                return None
            if answer.status != _OK:
                raise Away
            data = bytearray()
            async for piece in answer.content.iter_any():
                data += piece
                if len(data) > MOST_BYTES:
                    raise Away
            return bytes(data)
