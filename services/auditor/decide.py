"""What a batch of audit records becomes: the entries that continue the chain, each record once. Pure."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from contracts.audit import AuditRecorded
from services.auditor.chain import Tip, link, tip_of


def decide(tip: Tip, chained: AbstractSet[UUID], events: Iterable[AuditRecorded]) -> list[dict[str, Any]]:
    """Returns the new entries in the order of arrival. `chained` are the ids that the chain holds already."""
    entries: list[dict[str, Any]] = []
    seen = set(chained)
    for event in events:
        if event.id not in seen:
            seen.add(event.id)
            entries.append(link(tip, event.model_dump(mode="json")))
            tip = tip_of(entries[-1])
    return entries
