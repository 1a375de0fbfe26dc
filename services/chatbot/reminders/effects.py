"""Words for later: a reminder the day before, a notice that something changed. Set once, sent once, under a derived id."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.message import MessagePart
from services.chatbot.dialogue.effects import Effect


@dataclass(frozen=True, slots=True)
class ScheduleReminder(Effect[bool]):
    """Send `parts` to this conversation at `due`. The same id set again replaces its parts."""

    id: UUID
    conversation: str
    oa_id: str
    address: str = field(repr=False)
    due: datetime
    parts: tuple[MessagePart, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CancelReminders(Effect[bool]):
    """Reminders that shall not be sent any more. One that was sent already is no fault."""

    ids: tuple[UUID, ...]
