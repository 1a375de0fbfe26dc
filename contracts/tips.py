"""What tips publishes. Neither a tip's content travels nor which case is whose: no event names a case."""

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


class UnitChanged(Event):
    """Something changed in the cases of a unit, which is an OA for now: whoever shows them asks tips.

    At most about once a second. It names no case, and its time is that of its publication.
    """

    topic: ClassVar[str] = EVENTS
    type: Literal["unit.changed.v1"] = "unit.changed.v1"


class TipsForgot(Event):
    """The link from a citizen who withdrew to their conversation is erased; a sealed case stays, as the law demands.

    Its `conversation` is the OA: this topic names no citizen.
    """

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
    TipReplyChosen | UnitChanged | TipsForgot | MessageReleased | TipsKeyMade, Field(discriminator="type")
]
