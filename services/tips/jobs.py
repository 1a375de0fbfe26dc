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
from services.tips.state import State
from services.tips.store.cases import Cases, Closing
from services.tips.store.conversations import PAGE, Conversations
from services.tips.store.media import Media


@dataclass(frozen=True, slots=True)
class IdleCases:
    """Closes cases that their reporter did not finish. Any number of processes may do it at once."""

    conversations: Conversations
    writer: CaseWriter
    now: Clock
    late: timedelta  # Beyond the idle half hour, for messages that are still on their way.

    def job(self, every_seconds: float) -> Job[Document]:
        return Job("close_idle_cases", every_seconds, self.claim, self.close, key=lambda item: item["_id"], page=PAGE)

    async def claim(self, parked: frozenset[str]) -> Sequence[Document]:
        return await self.conversations.with_quiet_tips(self._quiet_since(), parked)

    async def close(self, quiet: Sequence[Document]) -> None:
        """Raises TransientError where somebody wrote meanwhile: then that conversation is no longer due."""
        records = await self.conversations.load({document["_id"]: document["oa"] for document in quiet})
        due = [(record, record.state.tip) for record in records.values() if record.state.tip is not None]
        closings = [Closing(tip.case_id, "idle", _since(record.state, self.now()) + IDLE) for record, tip in due]
        await self.writer.close(closings)
        for record, tip in due:
            record.update(record.state.evolve(tip=tip.evolve(swept=True)))
        await self.conversations.save([record for record, _ in due])

    def _quiet_since(self) -> datetime:
        return self.now() - IDLE - self.late


def _since(state: State, now: datetime) -> datetime:
    return state.floor.last_at or now


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Drops photos that no tip claimed, forgets conversations that have long been quiet, and counts what is open."""

    conversations: Conversations
    cases: Cases
    media: Media

    def job(self, every_seconds: float) -> Job[None]:
        return periodic("housekeeping", every_seconds, self.run)

    async def run(self) -> None:
        await self.conversations.drop_pending(BEFORE)
        await self.conversations.forget()
        await self.cases.let_go()
        OPEN.set(await self.cases.open_now())
        MEDIA_WAITING.set(await self.media.waiting())
