"""What a turn leads to: a new conversation, and commands. Every command is a value; the room around carries them out."""

from dataclasses import dataclass
from typing import Literal

from contracts.message import Lane, Part
from services.chatbot.state import Conversation


@dataclass(frozen=True, slots=True)
class Say:
    outcome: str  # The closed set that statistics count: see metrics.OUTCOMES.
    parts: tuple[Part, ...]
    lane: Lane = Lane.REPLY


@dataclass(frozen=True, slots=True)
class CallPerson:
    reason: Literal["asked", "no_answer", "attempts", "complaint"]


@dataclass(frozen=True, slots=True)
class Release:
    reason: Literal["officer", "citizen", "idle"]


@dataclass(frozen=True, slots=True)
class EndErrand:
    errand: str
    ending: Literal["done", "cancelled", "abandoned", "refused"]


@dataclass(frozen=True, slots=True)
class TellSurvey:
    errand: str
    stars: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class TellSubscription:
    subject: str
    subscribed: bool


Do = Say | CallPerson | Release | EndErrand | TellSurvey | TellSubscription


@dataclass(frozen=True, slots=True)
class Decision:
    after: Conversation
    do: tuple[Do, ...] = ()
