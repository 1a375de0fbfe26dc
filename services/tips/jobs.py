"""What is due by the clock: idle cases are closed, and leftovers of conversations are deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.jobs import Job, periodic
from chassis.mongo import Document
from chassis.records import Clock
from contracts.floor import IDLE
from services.tips.decide import BEFORE
from services.tips.metrics import MEDIA_WAITING, OPEN
from services.tips.persist import CaseWriter
from services.tips.store.cases import PAGE, Cases, Closing
from services.tips.store.conversations import Conversations
from services.tips.store.media import Media


@dataclass(frozen=True, slots=True)
class IdleCases:
    """Closes cases that their reporter did not finish. Any number of processes may do it at once."""

    writer: CaseWriter
    now: Clock
    late: timedelta  # Beyond the idle half hour, for messages that are still on their way.

    def job(self, every_seconds: float) -> Job[Document]:
        return Job("close_idle_cases", every_seconds, self.claim, self.close, key=lambda case: case["_id"], page=PAGE)

    async def claim(self, parked: frozenset[str]) -> Sequence[Document]:
        return await self.writer.cases.quiet(self._quiet_since(), parked)

    async def close(self, cases: Sequence[Document]) -> None:
        since = self._quiet_since()
        await self.writer.close([Closing(case["_id"], "idle", case["last_at"] + IDLE, since) for case in cases])

    def _quiet_since(self) -> datetime:
        return self.now() - IDLE - self.late


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Drops photos that no tip claimed, forgets conversations that have long been quiet, and counts what is open."""

    conversations: Conversations
    cases: Cases
    media: Media
    forget_after: timedelta

    def job(self, every_seconds: float) -> Job[None]:
        return periodic("housekeeping", every_seconds, self.run)

    async def run(self) -> None:
        await self.conversations.drop_pending(BEFORE)
        await self.conversations.forget(self.forget_after)
        OPEN.set(await self.cases.open_now())
        MEDIA_WAITING.set(await self.media.waiting())
