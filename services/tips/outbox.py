"""Publishes that something changed in a unit's cases: it waits in the case's document until it is on the log.

Neither a case is named nor when it changed: the log leads nobody from a citizen to a case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from chassis.jobs import Job
from chassis.mongo import Document
from chassis.publisher import Publisher
from chassis.records import Clock
from contracts.tips import UnitChanged
from services.tips.store.cases import PAGE, Cases

EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class OutboxRelay:
    cases: Cases
    publisher: Publisher
    now: Clock

    def job(self) -> Job[Document]:
        return Job(
            "publish_case_events",
            EVERY_SECONDS,
            self.cases.unpublished,
            self.publish,
            key=lambda case: case["_id"],
            page=PAGE,
        )

    async def publish(self, cases: Sequence[Document]) -> None:
        """One event for each unit. Raises TransientError when the broker did not take them: they wait."""
        units = sorted({case["oa"] for case in cases})
        await self.publisher.publish([self._event(unit) for unit in units])
        await self.cases.mark_published({case["_id"]: case["unsaid"] for case in cases})

    def _event(self, unit: str) -> UnitChanged:
        now = self.now()
        event_id = uuid5(NAMESPACE_URL, f"unit.changed.v1#{unit}#{now.isoformat()}")
        return UnitChanged(id=event_id, occurred_at=now, conversation=unit, oa_id=unit)
