"""Says what happened to cases: the words wait in the case's document until they are on the log.

They name the case and not the conversation, and no cause: the log alone does not lead from a citizen to a case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from chassis.mongo import Document
from chassis.publisher import Publisher
from contracts.event import Event
from contracts.tips import TipClosed, TipOpened
from services.tips.store.cases import Cases


@dataclass(frozen=True, slots=True)
class OutboxRelay:
    cases: Cases
    publisher: Publisher

    async def run_once(self) -> int:
        """Say what is unsaid. Gives how many facts; raises Transient when they could not be said: they wait."""
        documents = await self.cases.unpublished()
        events = [_event(document, change) for document in documents for change in document["unsaid"]]
        await self.publisher.publish(events)
        changes: dict[str, Sequence[str]] = {document["_id"]: document["unsaid"] for document in documents}
        await self.cases.mark_published(changes)
        return len(events)


def _event(document: Document, change: str) -> Event:
    """`word` is `opened.<nth opening>` or `closed.<nth opening>`; the same word of a case is the same fact."""
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
