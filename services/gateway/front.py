"""Group commit: whatever waits is made durable at once, and then everyone who waited is answered.

While one batch is on its way to the broker, the next one gathers. So one webhook alone waits for nobody, and under load the
price of durability is shared by all that arrived meanwhile.
"""

import asyncio
import time
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
        """Remembers `most` at least, and twice as many at most: two halves, of which the older goes at once."""
        self._most = most
        self._newer, self._older = set[int](), set[int]()  # Plain numbers: the garbage collector need not look at them.

    def __contains__(self, event_id: int) -> bool:
        return event_id in self._newer or event_id in self._older

    def add(self, event_ids: Iterable[int]) -> None:
        self._newer.update(event_ids)
        if len(self._newer) > self._most:
            self._older, self._newer = self._newer, set()


@dataclass(slots=True)
class _Batch:
    done: "asyncio.Future[Outcome]"
    words: dict[int, Utterance] = field(default_factory=dict)  # By their event's id, as a number.


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
        key = event_id.int
        if key in self.recent:
            return Outcome.REPEAT
        flying, batch = self._flying, self._open
        if flying is not None and key in flying.words:
            return _again(await asyncio.shield(flying.done))
        if batch is None:
            batch = self._open = _Batch(asyncio.get_running_loop().create_future())
            self._wake.set()
        elif key in batch.words:
            return _again(await asyncio.shield(batch.done))
        elif len(batch.words) >= self.limit:
            return Outcome.SHED
        batch.words[key] = word
        return await batch.done  # One future for all of the batch.

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
