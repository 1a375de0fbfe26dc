"""Who looked at personal data, when and why. Every service may write it; only the auditor reads it, and chains it."""

from typing import ClassVar, Literal

from pydantic import Field

from contracts.event import Event

EVENTS = "audit.events"
ANY_OA = "-"  # As `oa_id`: of what was looked at, no single OA is the owner.


class AuditRecorded(Event):
    """Published before the answer leaves. `conversation` is the pseudonym of whom or what was looked at."""

    topic: ClassVar[str] = EVENTS
    type: Literal["audit.recorded.v1"] = "audit.recorded.v1"
    service: str = Field(pattern=r"^[a-z]{1,32}$")
    actor_kind: Literal["client", "officer"]
    actor_id: str = Field(min_length=1, max_length=64)
    actor_unit: str = Field("", max_length=64)
    action: str = Field(pattern=r"^[a-z_]{1,32}\.[a-z_]{1,32}$")  # Such as `queue.read`.
    subject_kind: str = Field(pattern=r"^[a-z_]{1,32}$")  # What `conversation` is a pseudonym of.
    reason: str = Field("", max_length=200, repr=False)  # As the caller stated it, or the route's purpose.


AuditEvent = AuditRecorded
