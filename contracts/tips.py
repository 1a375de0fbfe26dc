"""What tips publishes. A tip's content never travels: only that it exists, and the replies to its reporter."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.event import Event, Sealed
from contracts.message import Kind, Lane
from contracts.transit_key import TransitKeyMade

EVENTS = "tips.events"
MESSAGES = "tips.messages"
KEYS = "tips.keys"


class TipReplyChosen(Event):
    """A reply to a reporter: thanks, the receipt code, a question. `body` opens to an `OutboundMessage`."""

    topic: ClassVar[str] = EVENTS
    type: Literal["tip.reply.chosen.v1"] = "tip.reply.chosen.v1"
    lane: Lane = Lane.URGENT
    body: Sealed
    address: Sealed


class TipOpened(Event):
    topic: ClassVar[str] = EVENTS
    type: Literal["tip.opened.v1"] = "tip.opened.v1"
    case_id: str = Field(max_length=64)


class TipClosed(Event):
    """The reporter is done (or fell silent): the case is complete and waits for officers."""

    topic: ClassVar[str] = EVENTS
    type: Literal["tip.closed.v1"] = "tip.closed.v1"
    case_id: str = Field(max_length=64)
    ending: Literal["done", "cancelled", "idle"]
    pieces: int = Field(ge=0)


class TipsForgot(Event):
    """The link from a citizen who withdrew to their conversation is erased; a sealed case stays, as the law demands."""

    topic: ClassVar[str] = EVENTS
    type: Literal["tips.forgot.v1"] = "tips.forgot.v1"


class MessageReleased(Event):
    """The gateway was not certain who answers a message, and tips saw that it is the chatbot's: with its own id and time.

    The chatbot may hear it after a later message.
    """

    topic: ClassVar[str] = MESSAGES
    type: Literal["tips.released.v1"] = "tips.released.v1"
    kind: Kind
    body: Sealed
    address: Sealed


class TipsKeyMade(TransitKeyMade):
    """Tips' public key for an hour, for what the gateway sends it."""

    topic: ClassVar[str] = KEYS
    type: Literal["tips.key.made.v1"] = "tips.key.made.v1"


TipsEvent = Annotated[
    TipReplyChosen | TipOpened | TipClosed | TipsForgot | MessageReleased | TipsKeyMade, Field(discriminator="type")
]
