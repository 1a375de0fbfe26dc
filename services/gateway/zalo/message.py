"""The content of a message: text, attachments, the answers of a contact card. Tolerant where nothing is lost. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from contracts.message import Attachment, InboundMessage, Kind
from contracts.receipt import Receipt
from contracts.text import read_number
from services.gateway.zalo.envelope import Envelope, Json, ident

_KINDS: dict[str, Kind] = {
    **{kind.value: kind for kind in Kind},
    "voice": Kind.AUDIO,
    "links": Kind.LINK,
    "photo": Kind.IMAGE,
}
_INFO_MOST = 50
_SIZE_DIGITS = 15  # Of a file, in bytes: petabytes.
_INFO_LONGEST = 1_000
_CARD_PREFIX = "user_"  # user_dob, user_city: the newer card's names; ours are without the prefix.


class UnclearError(Exception):
    """A part that must not be guessed. `str` is the reason, from a closed set."""


def inbound_message(envelope: Envelope, kind: Kind | None) -> InboundMessage:
    """Returns the message. Raises UnclearError, or pydantic.ValidationError where a bound of the contract is broken."""
    message = envelope.message
    return InboundMessage(
        text=_text(message.get("text")),
        attachments=tuple(_attachments(envelope.body, message, kind)),
        msg_id=ident(message.get("msg_id")),
        quoted_msg_id=ident(message.get("quote_msg_id")),
    )


def contact_card(envelope: Envelope) -> InboundMessage:
    """The answers of `user_submit_info`, old and new shape alike: name, phone, dob, gender, city, ward, address, district."""
    info = envelope.body.get("info")
    if not isinstance(info, dict):
        raise UnclearError("no_info")
    answers = dict(_flat(info))
    if len(answers) > _INFO_MOST:
        raise UnclearError("too_many_answers")
    return InboundMessage(msg_id=ident(envelope.message.get("msg_id")), info=answers)


def receipt(envelope: Envelope) -> Receipt:
    """Returns which of our messages it is about: one id, a list of them, and a template's own tracking id."""
    message = envelope.message
    listed = message.get("msg_ids")
    candidates = [*(listed if isinstance(listed, list) else [listed]), message.get("msg_id")]
    msg_ids = dict.fromkeys(msg_id for msg_id in map(ident, candidates) if msg_id)
    return Receipt(
        msg_ids=tuple(msg_ids), tracking_id=ident(message.get("tracking_id")), text=_text(message.get("text"))
    )


def _attachments(body: Json, message: Json, kind: Kind | None) -> Iterator[Attachment]:
    listed = message.get("attachments", body.get("attachments"))  # Some senders put them at the root.
    if listed is None:
        return
    for attachment in listed if isinstance(listed, list) else [listed]:
        if not isinstance(attachment, dict):
            raise UnclearError("odd_attachment")
        yield _attachment(attachment, kind)


def _attachment(attachment: Json, kind: Kind | None) -> Attachment:
    payload = _object(attachment.get("payload"))
    attachment_kind = _KINDS.get(str(attachment.get("type")), kind)
    if kind is Kind.BUSINESS_CARD:  # It calls itself a link.
        attachment_kind = kind
    if attachment_kind is None:
        raise UnclearError("odd_attachment")
    latitude, longitude = _coordinates(payload)
    return Attachment(
        kind=attachment_kind,
        url=_optional(payload.get("url")),
        thumbnail=_optional(payload.get("thumbnail", payload.get("thumb"))),
        name=_optional(payload.get("name")) or ident(payload.get("id")),  # A sticker has an id for a name.
        description=_optional(payload.get("description")),
        size_bytes=_size(payload.get("size")),
        checksum=_optional(payload.get("checksum")),
        latitude=latitude,
        longitude=longitude,
    )


def _coordinates(payload: Json) -> tuple[float | None, float | None]:
    coordinates = _object(payload.get("coordinates")) or payload
    latitude, longitude = coordinates.get("latitude"), coordinates.get("longitude")
    if latitude is None and longitude is None:
        return None, None
    try:
        return _degrees(latitude), _degrees(longitude)
    except (TypeError, ValueError):
        raise UnclearError("odd_coordinates") from None  # A tip's place must not be guessed.


def _degrees(value: Any) -> float:
    return float(value.strip().replace(",", ".") if isinstance(value, str) else value)


def _size(value: Any) -> int | None:
    text = ident(value)
    return read_number(text or "", _SIZE_DIGITS)


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise UnclearError("odd_text")


def _optional(value: Any) -> str | None:
    return _text(value) or None


def _flat(info: Json, depth: int = 0) -> Iterator[tuple[str, str]]:
    for name, value in info.items():
        if isinstance(value, dict) and depth == 0:
            yield from _flat(value, 1)
        elif value is not None:
            yield name.removeprefix(_CARD_PREFIX)[:64], _answer(value)


def _answer(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_answer(item) for item in value)[:_INFO_LONGEST]
    text = _text(value)
    if len(text) > _INFO_LONGEST:
        raise UnclearError("answer_too_long")
    return text
