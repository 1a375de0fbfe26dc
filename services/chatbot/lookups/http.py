"""A province's own system over HTTP: bounded in time, size and number, behind a breaker, and never believed unread.

Questions are JSON in a POST, so that no code or name stands in anybody's access log. 200 answers, 404 knows no such thing;
anything else, and whatever does not parse, means that the source is away. docs/lookups.md is the agreement with the other side.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

import aiohttp
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.circuit import CircuitBreaker, CircuitPolicy
from services.chatbot.metrics import SOURCE_ANSWERS

CONCURRENCY = 16
CALL_SECONDS = 1.5
BATCH_SECONDS = 2.2  # Less than the effect runner's limit: what has been answered by then is not lost with the rest.
MAX_BYTES = 256 * 1024
CIRCUIT = CircuitPolicy(failures=5, first_ms=10_000, longest_ms=10_000)  # Citizens wait: look again soon.
_OK, _NOT_FOUND = 200, 404

K = TypeVar("K")
M = TypeVar("M")


class SourceUnavailableError(Exception):
    """The source did not answer, or with something invalid."""


ShortText = Annotated[str, Field(max_length=300)]
LongText = Annotated[str, Field(max_length=1_000)]
Code = Annotated[str, Field(min_length=1, max_length=40)]


class RemoteModel(BaseModel):
    """What a source answers: parsed strictly, bounded in every field."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class SourceAnswer(RemoteModel):
    source: Annotated[str, Field(min_length=2, max_length=200)]
    as_of: AwareDatetime


@dataclass(slots=True)
class RemoteSystem:
    name: str  # Of the source, in metrics: dossiers, scores, fines.
    url: str
    session: aiohttp.ClientSession = field(repr=False)
    token: str = field(default="", repr=False)
    now_ms: Callable[[], int] = lambda: time.monotonic_ns() // 1_000_000
    breaker: CircuitBreaker = field(default_factory=lambda: CircuitBreaker(CIRCUIT))
    _semaphore: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONCURRENCY))

    async def query_all(
        self, path: str, bodies: Mapping[K, Mapping[str, Any]], read: Callable[[K, bytes], M]
    ) -> dict[K, M | None]:
        """None for what the source does not know; those it did not answer are left out. `read` raises ValueError."""
        tasks = {key: asyncio.create_task(self._query(path, body, key, read)) for key, body in bodies.items()}
        if not tasks:
            return {}
        try:
            await asyncio.wait(tasks.values(), timeout=BATCH_SECONDS)
        finally:
            for task in tasks.values():
                task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        return {key: task.result() for key, task in tasks.items() if not task.cancelled() and not task.exception()}

    async def _query(self, path: str, body: Mapping[str, Any], key: K, read: Callable[[K, bytes], M]) -> M | None:
        async with self._semaphore:
            if not self.breaker.allow(self.now_ms()):
                SOURCE_ANSWERS.labels(self.name, "skipped").inc()
                raise SourceUnavailableError
            try:
                data = await self._call(path, body)
                answer = None if data is None else read(key, data)
            except asyncio.CancelledError:
                self.breaker.record_abandoned()
                raise
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError, SourceUnavailableError):
                self.breaker.record_failure(self.now_ms())
                SOURCE_ANSWERS.labels(self.name, "failed").inc()
                raise SourceUnavailableError from None  # What was asked and what came back stay out of every traceback.
            self.breaker.record_success()
            SOURCE_ANSWERS.labels(self.name, "answered").inc()
            return answer

    async def _call(self, path: str, body: Mapping[str, Any]) -> bytes | None:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
        request = self.session.post(
            self.url.rstrip("/") + path, json=body, headers=headers, timeout=timeout, allow_redirects=False
        )
        async with request as response:
            if response.status == _NOT_FOUND:
                return None
            if response.status != _OK:
                raise SourceUnavailableError
            data = bytearray()
            async for chunk in response.content.iter_any():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise SourceUnavailableError
            return bytes(data)
