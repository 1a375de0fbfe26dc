"""The way to the log: straight to the broker, or through the spool while the broker is away.

What holds: within one replica a citizen's facts reach the log in the order they came, whatever fails. A replica goes straight
again only when the spool, which all replicas share, is empty; each looks twice a second. So two facts of one citizen can change
places only if they reach two replicas within half a second of a change between the ways. Zalo itself promises no order at all.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from chassis.blame import Transient
from chassis.metrics import UP
from chassis.pulse import Pulse
from chassis.types import Utterance
from services.gateway.judge import Outcome
from services.gateway.metrics import DETOURS, DIRECT, DRAINED, SPOOL_AGE, SPOOL_DEPTH, SPOOLED
from services.gateway.store.spool import Spool

log = structlog.get_logger()

_LOOK_SECONDS = 0.5
_DRAIN_MOST = 500
_DRAIN_SAY_SECONDS = 5.0  # Nobody waits for this one.


class Mouth(Protocol):
    async def say(self, utterances: Sequence[Utterance], timeout_seconds: float | None = None) -> None: ...

    async def look(self, timeout_seconds: float = 2.0) -> None:
        """Raises Transient unless the broker answers."""


@dataclass(slots=True)
class Way:
    """Both circuit breakers in one: a dead broker costs one bounded wait, a dead MongoDB another; then nobody waits."""

    mouth: Mouth
    spool: Spool
    say_seconds: float
    spool_seconds: float
    spool_limit: int
    direct: bool = False  # Until the first look says that nothing waits in the spool.
    spool_up: bool = False
    depth: int = 0
    pulse: Pulse = field(default_factory=Pulse)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def durable(self, words: Sequence[Utterance]) -> Outcome:
        """Within `say_seconds` + `spool_seconds`. Raises nothing of the world's."""
        async with self._one_at_a_time:
            if self.direct:
                try:
                    await self.mouth.say(words, self.say_seconds)
                except Transient as fault:
                    self._detour(str(fault))
                else:
                    return Outcome.ACCEPTED
            return await self._keep(words)

    async def _keep(self, words: Sequence[Utterance]) -> Outcome:
        if not self.spool_up or self.depth + len(words) > self.spool_limit:
            return Outcome.UNAVAILABLE
        try:
            await self.spool.keep(words, self.spool_seconds)
        except Transient as fault:
            self._spool_lost(str(fault))
            return Outcome.UNAVAILABLE
        self.depth += len(words)
        SPOOLED.inc(len(words))
        return Outcome.SPOOLED

    async def ready(self) -> None:
        """Raises Transient unless a webhook that came now would be made durable."""
        if not self.direct and not self.spool_up:
            raise Transient("neither the broker nor the spool answers")

    async def watch(self) -> None:
        """Look at both ways twice a second, drain what waits, and go straight again as soon as that keeps the order."""
        while True:
            self.pulse.beat()
            await self._look()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _look(self) -> None:
        try:
            self.depth, age = await self.spool.depth()
            self.spool_up = True
        except Transient as fault:
            self._spool_lost(str(fault))
            await self._straight_blindly()
            return
        UP.labels("mongo").set(1)
        SPOOL_DEPTH.set(self.depth)
        SPOOL_AGE.set(age)
        try:
            await self._drain_and_return()
        except Transient as fault:
            log.info("still_away", why=str(fault))

    async def _drain_and_return(self) -> None:
        if self.direct:
            if not await self.spool.empty():
                self._detour("another replica uses the spool")
            return
        await self.mouth.look()
        while await self.spool.lease() and await self._drain_some():
            self.pulse.beat()
        async with self._one_at_a_time:  # Nothing of ours is on its way into the spool while we look.
            if await self.spool.empty(self.spool_seconds):
                self._straight()

    async def _drain_some(self) -> bool:
        """Say the oldest, then drop them: dying in between says them again, under the same ids."""
        waiting = await self.spool.head(_DRAIN_MOST)
        if not waiting:
            return False
        started = time.perf_counter()
        await self.mouth.say([one.word for one in waiting], _DRAIN_SAY_SECONDS)
        await self.spool.drop(waiting)
        self.depth = max(0, self.depth - len(waiting))
        SPOOL_DEPTH.set(self.depth)
        DRAINED.inc(len(waiting))
        log.info("drained", facts=len(waiting), ms=round((time.perf_counter() - started) * 1e3, 1))
        return True

    async def _straight_blindly(self) -> None:
        """MongoDB is away, so nobody can use the spool: a broker that answers is better than refusing everyone."""
        if self.direct:
            return
        try:
            await self.mouth.look()
        except Transient:
            return
        self._straight()

    def _straight(self) -> None:
        self.direct = True
        DIRECT.set(1)
        log.info("straight")

    def _detour(self, why: str) -> None:
        self.direct = False
        DIRECT.set(0)
        DETOURS.inc()
        log.warning("detour", why=why)

    def _spool_lost(self, why: str) -> None:
        if self.spool_up:
            log.warning("spool_lost", why=why)
        self.spool_up = False
