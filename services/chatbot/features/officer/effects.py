"""The queue for an officer: what can be asked of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from services.chatbot.dialogue.effects import Effect
from services.chatbot.dialogue.state import TranscriptLine

Reason = Literal["asked", "no_answer", "attempts", "complaint"]


@dataclass(frozen=True, slots=True)
class JoinQueue(Effect[int]):
    """Wait for an officer of this OA. Results in the place, 1 for the next. Joining twice keeps the first place."""

    conversation: str
    oa_id: str
    since: datetime
    reason: Reason
    talk: tuple[TranscriptLine, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class LeaveQueue(Effect[bool]):
    conversation: str
    oa_id: str
