"""Group commit: whatever waits is made durable at once, and then everyone who waited is answered.

While one batch is on its way to the broker, the next one gathers. So one webhook alone waits for nobody, and under load the
price of durability is shared by all that arrived meanwhile.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from chassis.types import Utterance
from services.gateway.judge import Outcome
from services.gateway.metrics import BATCH, WAITING

log = structlog.get_logger()

Durable = Callable[[Sequence[Utterance]], Awaitable[Outcome]]
"""ACCEPTED, SPOOLED or UNAVAILABLE; never raises for the world's sake, and is bounded in time."""


class Recent:
    """Ids known to be durable: a fast answer to a doubled delivery. Forgetting one costs nothing but work."""

    def __init__(self, most: int = 65_536) -> None:
        self._most, self._ids = most, OrderedDict[UUID, None]()

    def __contains__(self, event_id: UUID) -> bool:
        return event_id in self._ids

    def add(self, event_ids: Iterable[UUID]) -> None:
        self._ids.update(dict.fromkeys(event_ids))
        while len(self._ids) > self._most:
            self._ids.popitem(last=False)


@dataclass(slots=True)
class _Batch:
    done: "asyncio.Future[Outcome]"
    words: dict[UUID, Utterance] = field(default_factory=dict)


@dataclass(slots=True)
class Front:
    durable: Durable
    limit: int
    recent: Recent = field(default_factory=Recent)
    _open: _Batch | None = None
    _flying: _Batch | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def offer(self, event_id: UUID, word: Utterance) -> Outcome:
        """How it ended. A repeat of what is durable, or on its way, costs nothing; SHED when too many wait."""
        if event_id in self.recent:
            return Outcome.REPEAT
        flying = self._flying
        if flying is not None and event_id in flying.words:
            return _again(await asyncio.shield(flying.done))
        batch = self._open
        if batch is None:
            batch = self._open = _Batch(asyncio.get_running_loop().create_future())
            self._wake.set()
        elif event_id in batch.words:
            return _again(await asyncio.shield(batch.done))
        elif len(batch.words) >= self.limit:
            return Outcome.SHED
        batch.words[event_id] = word
        return await batch.done

    async def run(self) -> None:
        """Flush until stopped."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._flush()

    async def _flush(self) -> None:
        batch, self._open = self._open, None
        if batch is None:
            return
        self._flying = batch
        WAITING.set(len(batch.words))
        started = time.perf_counter()
        outcome = Outcome.UNAVAILABLE
        try:
            outcome = await self.durable(list(batch.words.values()))
        finally:
            self._flying = None
            if outcome is not Outcome.UNAVAILABLE:
                self.recent.add(batch.words)
            if not batch.done.done():
                batch.done.set_result(outcome)
        BATCH.observe(len(batch.words))
        log.info("flush", facts=len(batch.words), outcome=outcome, ms=round((time.perf_counter() - started) * 1e3, 1))


def _again(first: Outcome) -> Outcome:
    return first if first is Outcome.UNAVAILABLE else Outcome.REPEAT
