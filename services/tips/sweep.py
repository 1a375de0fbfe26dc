"""What time asks for: idle cases close, leftovers are dropped, and what waits to be said is said."""

import time
from dataclasses import dataclass
from datetime import timedelta

import structlog

from chassis.blame import Transient
from chassis.types import Clock
from contracts.floor import IDLE
from services.tips.bell import Bell
from services.tips.decide import BEFORE
from services.tips.keep import Keeper
from services.tips.metrics import MEDIA_WAITING, OPEN
from services.tips.relay import Relay
from services.tips.store import Closing, Conversations

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sweeper:
    conversations: Conversations
    keeper: Keeper
    relay: Relay
    bell: Bell
    now: Clock
    late: timedelta
    forget_after: timedelta
    every_seconds: float

    async def run(self) -> None:
        """Say at every ring of the bell, sweep from time to time. A world that fails is met again the next time."""
        swept = float("-inf")
        while True:
            try:
                if time.monotonic() - swept >= self.every_seconds:
                    await self.sweep()
                    swept = time.monotonic()
                await self.relay.once()
            except Transient as fault:
                log.warning("sweep_put_off", why=str(fault))
            await self.bell.wait(self.every_seconds)

    async def sweep(self) -> None:
        """Idempotent; any number of processes may do it at once. Raises Transient."""
        since = self.now() - IDLE - self.late
        quiet = await self.keeper.cases.quiet(since)
        await self.keeper.close([Closing(one["_id"], "idle", one["last_at"] + IDLE, since) for one in quiet])
        await self.conversations.drop_pending(BEFORE)
        await self.conversations.forget(self.forget_after)
        OPEN.set(await self.keeper.cases.open_now())
        MEDIA_WAITING.set(await self.keeper.media.waiting())
