"""A batch of audit records from the log to the chain. Read `decide.py` first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from chassis.records import ReceivedEvent
from contracts.audit import ANY_OA, AuditRecorded
from contracts.event import Event
from services.auditor.chain import tip_of
from services.auditor.checkpoints import Checkpoints
from services.auditor.decide import decide
from services.auditor.metrics import ENTRIES
from services.auditor.store import ChainStore

CONSUMES = frozenset({"audit.recorded.v1"})
_SIGN_EVERY = 1_000  # Entries; besides, the job of `app.py` signs once a minute.


def known_good() -> list[Event]:
    """Returns a record of the auditor's test of itself. It is chained: that the chain was in doubt is worth remembering."""
    return [
        AuditRecorded(
            id=uuid4(),
            occurred_at=datetime.now(UTC),
            conversation="self-test",
            oa_id=ANY_OA,
            service="auditor",
            actor_kind="client",
            actor_id="auditor",
            action="auditor.self_test",
            subject_kind="self_test",
        )
    ]


@dataclass(slots=True)
class AuditorHandler:
    store: ChainStore
    checkpoints: Checkpoints

    async def handle(self, batch: Sequence[ReceivedEvent]) -> Sequence[Event]:
        """Publishes nothing. Raises TransientError; a record that comes again is chained once."""
        events = [received.event for received in batch if isinstance(received.event, AuditRecorded)]
        tip = await self.store.tip()
        entries = decide(tip, await self.store.chained([event.id for event in events]), events)
        await self.store.append(entries)
        if entries:
            newest = tip_of(entries[-1])
            ENTRIES.set(newest.seq)
            if newest.seq // _SIGN_EVERY > tip.seq // _SIGN_EVERY:
                await self.checkpoints.sign()
        return ()
