"""The audit trail of personal data: every look is on the log before the answer leaves; without the log there is no answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from chassis.auth import Actor
from chassis.crypto import Pepper
from chassis.errors import TransientError
from chassis.http_metrics import AUDIT_RECORDS
from chassis.records import Clock
from contracts.audit import ANY_OA, AuditRecorded
from contracts.event import Event

_SECONDS = 5.0  # An officer waits no longer for a broker that is away.


@dataclass(frozen=True, slots=True)
class Access:
    """What is looked at. `subjects` are pseudonyms, one record each; where there are none, one record says that somebody looked.

    `purpose` stands where the actor states no reason.
    """

    action: str  # Such as `queue.read`.
    subject_kind: str
    subjects: Sequence[str]
    oa_id: str = ANY_OA
    purpose: str = ""


class AuditLog:
    """Publishes the records of one service's reads."""

    def __init__(
        self,
        service: str,
        pepper: Pepper,
        publish: Callable[[Sequence[Event]], Awaitable[None]],
        now: Clock = lambda: datetime.now(UTC),
    ) -> None:
        self._service, self._pepper, self._publish, self._now = service, pepper, publish, now

    def pseudonym(self, kind: str, value: str) -> str:
        """For a subject that has no pseudonym of its own, such as a dossier's code."""
        return self._pepper.pseudonym("audit", kind, value)

    async def record(self, actor: Actor, access: Access) -> None:
        """Durable when it returns. Raises TransientError: then nothing of what was looked at may leave."""
        events = [self._event(actor, access, subject) for subject in access.subjects or self._nobody(access)]
        try:
            async with asyncio.timeout(_SECONDS):
                await self._publish(events)
        except (TransientError, TimeoutError):
            AUDIT_RECORDS.labels("failed").inc(len(events))
            why = "the look could not be recorded, so there is no answer: is the broker up at KAFKA_SERVERS? Try again"
            raise TransientError(why) from None
        AUDIT_RECORDS.labels("recorded").inc(len(events))

    def _nobody(self, access: Access) -> list[str]:
        """Returns the subject of a look that found nobody: that somebody looked is on record all the same."""
        return [self.pseudonym("nobody", access.oa_id)]

    def _event(self, actor: Actor, access: Access, subject: str) -> AuditRecorded:
        return AuditRecorded(
            id=uuid4(),  # Every look is an event of its own: there is no cause to derive it from.
            occurred_at=self._now(),
            conversation=subject,
            oa_id=access.oa_id,
            service=self._service,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_unit=actor.unit,
            action=access.action,
            subject_kind=access.subject_kind,
            reason=actor.reason or access.purpose,
        )
