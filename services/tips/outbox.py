"""Publishes what happened to cases: the events wait in the case's document until they are on the log.

They name the case and not the conversation, and no cause: the log alone does not lead from a citizen to a case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from chassis.jobs import Job
from chassis.mongo import Document
from chassis.publisher import Publisher
from chassis.wake_up import WakeUp
from contracts.event import Event
from contracts.tips import TipClosed, TipOpened
from services.tips.store.cases import PAGE, Cases


@dataclass(frozen=True, slots=True)
class OutboxRelay:
    cases: Cases
    publisher: Publisher

    def job(self, every_seconds: float, wake: WakeUp) -> Job[Document]:
        return Job(
            "publish_case_events",
            every_seconds,
            self.cases.unpublished,
            self.publish,
            key=lambda case: case["_id"],
            page=PAGE,
            wake=wake,
        )

    async def publish(self, cases: Sequence[Document]) -> None:
        """Raises TransientError when the broker did not take them: they wait."""
        await self.publisher.publish([_event(case, change) for case in cases for change in case["unsaid"]])
        await self.cases.mark_published({case["_id"]: case["unsaid"] for case in cases})


def _event(document: Document, change: str) -> Event:
    """`change` is `opened.N` or `closed.N`, N being the opening it belongs to: the same change of a case is the same event."""
    action, _, number = change.partition(".")
    case_id = document["_id"]
    kind: type[TipOpened | TipClosed] = TipOpened if action == "opened" else TipClosed
    event_type = kind.model_fields["type"].default
    common = {
        "id": uuid5(UUID(hex=case_id), f"{event_type}#{number}"),
        "conversation": case_id,
        "oa_id": document["oa"],
        "case_id": case_id,
    }
    if action == "opened":
        return TipOpened(occurred_at=document["opened_at"], **common)
    return TipClosed(occurred_at=document["closed_at"], ending=document["ending"], pieces=document["pieces"], **common)
