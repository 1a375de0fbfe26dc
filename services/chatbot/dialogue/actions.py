"""The result of a turn: a new conversation state, and actions. Every action is a value; the handler carries it out."""

from dataclasses import dataclass
from typing import Literal

from contracts.message import Lane, MessagePart
from services.chatbot.dialogue.state import Conversation


@dataclass(frozen=True, slots=True)
class Reply:
    outcome: str  # The closed set that statistics count: see metrics.OUTCOMES.
    parts: tuple[MessagePart, ...]
    lane: Lane = Lane.REPLY


@dataclass(frozen=True, slots=True)
class RequestOfficer:
    reason: Literal["asked", "no_answer", "attempts", "complaint"]


@dataclass(frozen=True, slots=True)
class ReleaseOfficer:
    reason: Literal["officer", "citizen", "idle"]


@dataclass(frozen=True, slots=True)
class EndFlow:
    flow: str
    ending: Literal["done", "cancelled", "abandoned", "refused"]


@dataclass(frozen=True, slots=True)
class ReportSurvey:
    flow: str
    stars: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class ReportSubscription:
    subject: str
    subscribed: bool


Action = Reply | RequestOfficer | ReleaseOfficer | EndFlow | ReportSurvey | ReportSubscription


@dataclass(frozen=True, slots=True)
class Decision:
    state: Conversation
    actions: tuple[Action, ...] = ()
