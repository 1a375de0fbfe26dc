"""What notify publishes: how each message to a citizen ended."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.event import Event
from contracts.message import Lane

EVENTS = "notify.events"


class MessageSettled(Event):
    """A message left the queue for good, or moved on afterwards. `code` is Zalo's, 0 when it was taken."""

    topic: ClassVar[str] = EVENTS
    type: Literal["message.settled.v1"] = "message.settled.v1"
    status: Literal["sent", "failed", "expired", "suppressed", "delivered", "seen"]
    lane: Lane
    code: int = 0
    attempts: int = Field(0, ge=0)


class NotifyForgot(Event):
    """Everything notify stored about a citizen who withdrew is erased."""

    topic: ClassVar[str] = EVENTS
    type: Literal["notify.forgot.v1"] = "notify.forgot.v1"


NotifyEvent = Annotated[MessageSettled | NotifyForgot, Field(discriminator="type")]
