"""Events as tests need them: made-up people, bodies really sealed, ids derived from a name so that a repeat is a repeat."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

from nacl.signing import SigningKey
from pydantic import BaseModel

from chassis.crypto import KeyRing, Pepper, Place
from chassis.publisher import EventEncoder
from chassis.records import OutgoingRecord, ReceivedEvent, Record
from chassis.trace import TraceContext
from chassis.transit import is_sealed_to_readers, last_resort, open_sealed, seal_to
from contracts.chatbot import ReplyChosen
from contracts.event import Event
from contracts.gateway import CitizenFollowed, CitizenWithdrew, MessageReceived, ReporterWithdrew, TipReceived
from contracts.message import Address, Attachment, Button, InboundMessage, Kind, Lane, MessagePart, OutboundMessage
from contracts.tips import MessageReleased, TipReplyChosen

E = TypeVar("E", bound=Event)

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # Noon in Hà Nội, on a Monday.
OA = "1000000000000000099"
CITIZEN = "9000000000000000001"

BODIES = KeyRing({"k2": b"b" * 32})
ADDRESSES = KeyRing({"k2": b"a" * 32})
RETIRED = KeyRing({"k1": b"r" * 32})  # A key that the rings above no longer have.
PEPPER = Pepper(b"p" * 32)
RING_FILES: Mapping[str, str] = {  # What the rings above look like in SECRETS_DIR.
    "bodies.keys": "k2:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=\n",
    "addresses.keys": "k2:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=\n",
    "pepper": "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA=\n",
}

TIPS_SIGNER, CHATBOT_SIGNER = SigningKey(b"t" * 32), SigningKey(b"c" * 32)  # Sign the transit keys.
SIGNING_FILES: Mapping[str, str] = {
    "tips-signing.key": b64encode(bytes(TIPS_SIGNER)).decode(),
    "chatbot-signing.key": b64encode(bytes(CHATBOT_SIGNER)).decode(),
}
READER_KEYS = {
    last_resort("tips"): TIPS_SIGNER.to_curve25519_private_key(),
    last_resort("chatbot"): CHATBOT_SIGNER.to_curve25519_private_key(),
}
TIPS_READER = {last_resort("tips"): TIPS_SIGNER.verify_key.to_curve25519_public_key()}

_numbers = count(1)


def clock() -> datetime:
    """It is noon, and stays noon."""
    return NOON


def conversation(user: str = CITIZEN, oa_id: str = OA) -> str:
    return PEPPER.pseudonym(oa_id, user)


def sealed_address(user: str = CITIZEN, oa_id: str = OA) -> str:
    address = Address(oa_id=oa_id, user_id=user).model_dump_json().encode()
    return ADDRESSES.seal(address, Place.address(oa_id, conversation(user, oa_id)))


def opened_outbound(event: ReplyChosen | TipReplyChosen) -> OutboundMessage:
    """The words a reply opens to."""
    return OutboundMessage.model_validate_json(BODIES.open(event.body, Place.body_of(event)))


def opened_inbound(event: MessageReceived | TipReceived | MessageReleased) -> InboundMessage:
    """What a message opens to for whoever may read it."""
    place = Place.body_of(event)
    sealed_to_readers = is_sealed_to_readers(event.body)
    plain = open_sealed(event.body, READER_KEYS, place) if sealed_to_readers else BODIES.open(event.body, place)
    return InboundMessage.model_validate_json(plain)


def make_event(
    event_type: type[E], /, *, user: str = CITIZEN, oa_id: str = OA, name: str = "", at: datetime = NOON, **fields: Any
) -> E:
    """Any event about a citizen. The same `name` is the same event; without one, each is new. A body that is open is sealed."""
    name = name or f"fact-{next(_numbers)}"
    type_name = event_type.model_fields["type"].default
    event_id, citizen = uuid5(NAMESPACE_URL, f"{oa_id}|{type_name}|{name}"), conversation(user, oa_id)
    if isinstance(body := fields.get("body"), BaseModel):
        fields["body"] = BODIES.seal(body.model_dump_json().encode(), Place.body(oa_id, citizen, event_id))
    return event_type(
        id=event_id,
        type=type_name,
        occurred_at=at,
        conversation=citizen,
        oa_id=oa_id,
        **fields,
    )


def message_received(
    text: str = "làm căn cước cần giấy tờ gì",
    *,
    user: str = CITIZEN,
    oa_id: str = OA,
    msg_id: str = "",
    at: datetime = NOON,
    kind: Kind = Kind.TEXT,
    attachments: Sequence[Attachment] = (),
) -> MessageReceived:
    """A citizen wrote. The same `msg_id` is the same message; without one, each is new."""
    msg_id = msg_id or f"msg-{next(_numbers)}"
    body = InboundMessage(text=text, attachments=tuple(attachments), msg_id=msg_id)
    address = sealed_address(user, oa_id)
    return make_event(
        MessageReceived, user=user, oa_id=oa_id, name=msg_id, at=at, kind=kind, body=body, address=address
    )


def to_tips(event: MessageReceived) -> TipReceived:
    """The same message, sent to tips and sealed to it alone."""
    body = seal_to(opened_inbound(event).model_dump_json().encode(), TIPS_READER, Place.body_of(event))
    return TipReceived(**event.model_dump(exclude={"type", "body"}), body=body)


def as_tips_receives(event: Event) -> Event:
    """As the gateway publishes it for tips."""
    match event:
        case MessageReceived():
            return to_tips(event)
        case CitizenWithdrew():
            return ReporterWithdrew.derive(event, address=event.address)
        case _:
            return event


def followed(*, user: str = CITIZEN, oa_id: str = OA, at: datetime = NOON) -> CitizenFollowed:
    return make_event(
        CitizenFollowed, user=user, oa_id=oa_id, at=at, source="oa_profile", address=sealed_address(user, oa_id)
    )


def reply(
    text: str = "Dạ, đây là câu trả lời.",
    *,
    user: str = CITIZEN,
    oa_id: str = OA,
    name: str = "",
    at: datetime = NOON,
    lane: Lane = Lane.REPLY,
    buttons: Sequence[Button] = (),
    **fields: Any,
) -> ReplyChosen:
    """The chatbot chose words for a citizen."""
    body = OutboundMessage(parts=(MessagePart(text=text, buttons=tuple(buttons)),))
    address = sealed_address(user, oa_id)
    fields = {"outcome": "answer", "body": body, "address": address, "lane": lane, **fields}
    return make_event(ReplyChosen, user=user, oa_id=oa_id, name=name, at=at, **fields)


def encoded(event: Event, source: str = "gateway", prefix: str = "", arrived_ms: int = 0) -> OutgoingRecord:
    """The event as `source` publishes it, with nothing on the log that led to it."""
    return EventEncoder(source, prefix).encode(event, TraceContext.start(event.id, arrived_ms))


def as_received(event: Event, source: str = "gateway", offset: int = 0) -> ReceivedEvent:
    """As a handle receives it, with the headers it would travel with."""
    record = encoded(event, source, arrived_ms=1_772_427_600_000)
    return ReceivedEvent(Record(record.topic, 0, offset, record.key, record.value, record.headers), event)
