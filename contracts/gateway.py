"""What the gateway publishes: what came from Zalo, proven to be Zalo's, with everything personal sealed.

A message stands on one of two topics: on `gateway.messages` the chatbot answers it, on `gateway.tips` tips does.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from contracts.event import Event, Sealed
from contracts.floor import Holder
from contracts.message import Kind

MESSAGES = "gateway.messages"
RECEIPTS = "gateway.receipts"
TIPS = "gateway.tips"
FLOORS = "gateway.floors"


class MessageReceived(Event):
    """A citizen wrote to an OA. `body` opens to an `InboundMessage`, `address` to an `Address`.

    What may become evidence of a tip (pictures, films, sound, files, places) is sealed to the transit keys of chatbot and tips.
    """

    topic: ClassVar[str] = MESSAGES
    type: Literal["message.received.v1"] = "message.received.v1"
    kind: Kind
    body: Sealed
    address: Sealed


class TipReceived(Event):
    """As `MessageReceived`, but tips has the floor, or may have it: `body` is sealed to tips' transit key."""

    topic: ClassVar[str] = TIPS
    type: Literal["tip.received.v1"] = "tip.received.v1"
    kind: Kind
    body: Sealed
    address: Sealed


class ReporterWithdrew(Event):
    """As `CitizenWithdrew`, for every citizen who withdraws: tips hears it in order with what was written to tips."""

    topic: ClassVar[str] = TIPS
    type: Literal["reporter.withdrew.v1"] = "reporter.withdrew.v1"
    address: Sealed


class FloorMoved(Event):
    """For the gateway's replicas: who has the floor after a message that tips answers. Published before that message."""

    topic: ClassVar[str] = FLOORS
    type: Literal["floor.moved.v1"] = "floor.moved.v1"
    holder: Holder
    since: AwareDatetime  # Of the first message of the tip.


class OfficerReplied(Event):
    """A person answered in Zalo's own chat tool (`sender.admin_id`): the bot keeps silent for a while."""

    topic: ClassVar[str] = MESSAGES
    type: Literal["officer.replied.v1"] = "officer.replied.v1"
    body: Sealed
    address: Sealed


class CitizenFollowed(Event):
    topic: ClassVar[str] = MESSAGES
    type: Literal["citizen.followed.v1"] = "citizen.followed.v1"
    source: str = Field("", max_length=64)  # oa_profile, message_invite, social_plugin, …
    address: Sealed


class CitizenUnfollowed(Event):
    topic: ClassVar[str] = MESSAGES
    type: Literal["citizen.unfollowed.v1"] = "citizen.unfollowed.v1"
    source: str = Field("", max_length=64)
    address: Sealed


class CitizenActed(Event):
    """What a citizen did that is no message: opened the chat, reacted, called, consented. `body` is raw JSON."""

    topic: ClassVar[str] = MESSAGES
    type: Literal["citizen.acted.v1"] = "citizen.acted.v1"
    action: str = Field(max_length=64, pattern=r"^[a-z_]+$")  # Zalo's event name, from the catalogue.
    body: Sealed
    address: Sealed | None = None


class CitizenWithdrew(Event):
    """`user_withdraw`: a citizen asks to be forgotten. Every service erases what it stores, and publishes that it did."""

    topic: ClassVar[str] = MESSAGES
    type: Literal["citizen.withdrew.v1"] = "citizen.withdrew.v1"
    address: Sealed


class MessageDelivered(Event):
    """Zalo put a message of ours on the citizen's phone. `body` opens to a `Receipt`."""

    topic: ClassVar[str] = RECEIPTS
    type: Literal["message.delivered.v1"] = "message.delivered.v1"
    body: Sealed


class MessageSeen(Event):
    topic: ClassVar[str] = RECEIPTS
    type: Literal["message.seen.v1"] = "message.seen.v1"
    body: Sealed


class MessageEchoed(Event):
    """Zalo's echo of what the OA itself sent through the API: proof that an uncertain send arrived."""

    topic: ClassVar[str] = RECEIPTS
    type: Literal["message.echoed.v1"] = "message.echoed.v1"
    body: Sealed


class PlatformNoticed(Event):
    """News from Zalo about an OA, a template, a group; or an event that is not known yet. `body` is raw JSON."""

    topic: ClassVar[str] = RECEIPTS
    type: Literal["platform.noticed.v1"] = "platform.noticed.v1"
    name: str = Field(max_length=64, pattern=r"^[a-z_]+$")  # The catalogue's event name, or `unknown`.
    body: Sealed


class GatewayForgot(Event):
    """What the gateway itself stored of a citizen who withdrew (in spool and quarantine) is erased."""

    topic: ClassVar[str] = RECEIPTS
    type: Literal["gateway.forgot.v1"] = "gateway.forgot.v1"


GatewayEvent = Annotated[
    MessageReceived
    | TipReceived
    | ReporterWithdrew
    | FloorMoved
    | OfficerReplied
    | CitizenFollowed
    | CitizenUnfollowed
    | CitizenActed
    | CitizenWithdrew
    | MessageDelivered
    | MessageSeen
    | MessageEchoed
    | PlatformNoticed
    | GatewayForgot,
    Field(discriminator="type"),
]
