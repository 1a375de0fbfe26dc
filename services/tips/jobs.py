"""What time asks for: idle cases close, leftovers are dropped, and what waits to be said is said."""

import time
from dataclasses import dataclass
from datetime import timedelta

import structlog

from chassis.errors import TransientError
from chassis.records import Clock
from chassis.wake_up import WakeUp
from contracts.floor import IDLE
from services.tips.decide import BEFORE
from services.tips.metrics import MEDIA_WAITING, OPEN
from services.tips.outbox import OutboxRelay
from services.tips.persist import CaseWriter
from services.tips.store.cases import Closing
from services.tips.store.conversations import Conversations

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sweeper:
    conversations: Conversations
    writer: CaseWriter
    outbox_relay: OutboxRelay
    wake_up: WakeUp
    now: Clock
    late: timedelta
    forget_after: timedelta
    every_seconds: float

    async def run(self) -> None:
        """Say at every ring of the bell, sweep from time to time. A world that fails is met again the next time."""
        last_sweep = float("-inf")
        while True:
            try:
                if time.monotonic() - last_sweep >= self.every_seconds:
                    await self.sweep()
                    last_sweep = time.monotonic()
                await self.outbox_relay.run_once()
            except TransientError as fault:
                log.warning("sweep_put_off", why=str(fault))
            await self.wake_up.wait(self.every_seconds)

    async def sweep(self) -> None:
        """Idempotent; any number of processes may do it at once. Raises Transient."""
        since = self.now() - IDLE - self.late
        quiet = await self.writer.cases.quiet(since)
        await self.writer.close(
            [Closing(document["_id"], "idle", document["last_at"] + IDLE, since) for document in quiet]
        )
        await self.conversations.drop_pending(BEFORE)
        await self.conversations.forget(self.forget_after)
        OPEN.set(await self.writer.cases.open_now())
        MEDIA_WAITING.set(await self.writer.media.waiting())
