"""A citizen's answer to a survey, kept."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.chatbot.dialogue.effects import Effect


@dataclass(frozen=True, slots=True)
class FileSurvey(Effect[bool]):
    """Keep an answer; the same id is kept once."""

    id: UUID
    oa_id: str
    flow: str
    stars: int
    at: datetime
    words: str = field(default="", repr=False)
