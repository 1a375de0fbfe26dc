"""What tips publishes. A tip's content never travels: only that it exists, and the replies to its reporter."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.event import Event, Sealed
from contracts.message import Lane

EVENTS = "tips.events"


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


TipsEvent = Annotated[TipReplyChosen | TipOpened | TipClosed | TipsForgot, Field(discriminator="type")]
