"""What the chatbot publishes: replies to citizens, and what officers or statistics must know."""

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from contracts.event import Event, Sealed
from contracts.message import Lane
from contracts.transit_key import TransitKeyMade

EVENTS = "chatbot.events"
KEYS = "chatbot.keys"


class ReplyChosen(Event):
    """A reply to a citizen. `body` opens to an `OutboundMessage`; `address` is passed along unopened."""

    topic: ClassVar[str] = EVENTS
    type: Literal["reply.chosen.v1"] = "reply.chosen.v1"
    lane: Lane = Lane.REPLY
    outcome: str = Field(max_length=32, pattern=r"^[a-z_]+$")  # A closed set: answer, menu, unknown, …
    body: Sealed
    address: Sealed
    not_after: AwareDatetime | None = None  # A late answer is worse than none.


class PersonNeeded(Event):
    """The bot steps aside: an officer should answer in Zalo's chat tool."""

    topic: ClassVar[str] = EVENTS
    type: Literal["person.needed.v1"] = "person.needed.v1"
    reason: Literal["asked", "no_answer", "attempts", "complaint"]


class PersonReleased(Event):
    """The conversation is the bot's again."""

    topic: ClassVar[str] = EVENTS
    type: Literal["person.released.v1"] = "person.released.v1"
    reason: Literal["officer", "citizen", "idle"]


class ErrandEnded(Event):
    """An errand ended. No personal data: what statistics count."""

    topic: ClassVar[str] = EVENTS
    type: Literal["errand.ended.v1"] = "errand.ended.v1"
    errand: str = Field(max_length=32, pattern=r"^[a-z_]+$")
    ending: Literal["done", "cancelled", "abandoned", "refused"]


class SurveyAnswered(Event):
    topic: ClassVar[str] = EVENTS
    type: Literal["survey.answered.v1"] = "survey.answered.v1"
    errand: str = Field(max_length=32, pattern=r"^[a-z_]+$")
    stars: int = Field(ge=1, le=5)
    words: Sealed | None = None


class SubscriptionChanged(Event):
    topic: ClassVar[str] = EVENTS
    type: Literal["subscription.changed.v1"] = "subscription.changed.v1"
    subject: str = Field(max_length=64, pattern=r"^[a-z0-9_.:-]+$")  # A topic of news, or `dossier`.
    subscribed: bool


class ChatbotForgot(Event):
    """Everything the chatbot stored about a citizen who withdrew is erased."""

    topic: ClassVar[str] = EVENTS
    type: Literal["chatbot.forgot.v1"] = "chatbot.forgot.v1"


class ChatbotKeyMade(TransitKeyMade):
    """The chatbot's public key for an hour, for what may become evidence of a tip."""

    topic: ClassVar[str] = KEYS
    type: Literal["chatbot.key.made.v1"] = "chatbot.key.made.v1"


ChatbotEvent = Annotated[
    ReplyChosen
    | PersonNeeded
    | PersonReleased
    | ErrandEnded
    | SurveyAnswered
    | SubscriptionChanged
    | ChatbotForgot
    | ChatbotKeyMade,
    Field(discriminator="type"),
]
