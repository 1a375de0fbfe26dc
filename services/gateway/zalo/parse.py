"""One body, understood: who, to which OA, what, and when. Pure; nothing here believes the body is Zalo's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

import orjson
from pydantic import ValidationError

from contracts.message import InboundMessage, Kind
from contracts.receipt import Receipt
from services.gateway.zalo.catalogue import (
    CATALOGUE,
    DEMO_OA,
    PHONE,
    SAMPLE_MSG_ID,
    SAMPLE_SOURCE,
    UNKNOWN,
    UNKNOWN_ROW,
    Identity,
    Row,
    Shape,
)
from services.gateway.zalo.envelope import Envelope, Json, at, first, ident, is_oa_id, moment_ms
from services.gateway.zalo.message import UnclearError, contact_card, inbound_message, receipt

KnowsOa = Callable[[str], bool]
_RECEIPTS = (Shape.DELIVERED, Shape.SEEN)


@dataclass(slots=True)  # Not frozen: made once per webhook, and freezing trebles what that costs.
class Parsed:
    event_name: str  # From the catalogue, or `unknown`: fit for a label.
    shape: Shape
    oa_id: str
    person: str | None = field(repr=False)
    person_in_app: tuple[str, str] | None = field(repr=False)  # The app, and who this is to all of its OAs.
    reachable: bool  # An ordinary message to `person` would arrive.
    at_ms: int
    identity: tuple[str, ...] = field(repr=False)  # `id` and Zalo's own, or what else distinguishes it.
    kind: Kind | None = None
    source: str = ""
    officer: bool = False  # An officer wrote it, in Zalo's own chat tool.
    message: InboundMessage | None = None
    receipt: Receipt | None = None


def row_of(event_name: str | None) -> tuple[str, Row]:
    row = CATALOGUE.get(event_name) if event_name else None
    return (event_name, row) if row and event_name else (UNKNOWN, UNKNOWN_ROW)


def oa_of(envelope: Envelope, knows: KnowsOa) -> str | None:
    """The OA an event belongs to. Where public code disagrees about the field, the one that we serve decides."""
    _, row = row_of(envelope.event_name)
    paths = row.oa if row.shape not in _RECEIPTS else (*row.oa, *row.person)
    best: str | None = None
    for path in paths:
        oa_id = ident(at(envelope.body, path))
        if oa_id and knows(oa_id):
            return oa_id
        best = best or (oa_id if oa_id and is_oa_id(oa_id) else None)
    return best


def is_sample(envelope: Envelope, oa_id: str | None) -> bool:
    """Zalo's test button sends a signed sample: to be acknowledged, not answered."""
    body = envelope.body
    return oa_id == DEMO_OA or envelope.message.get("msg_id") == SAMPLE_MSG_ID or body.get("source") == SAMPLE_SOURCE


def parse(envelope: Envelope, oa_id: str, knows: KnowsOa, arrived_ms: int) -> Parsed:
    """Raises UnclearError with a reason from a closed set; nothing half-understood passes."""
    name, row = row_of(envelope.event_name)
    body = envelope.body
    person, reachable = _person(envelope, row, oa_id)
    shape = row.shape
    if shape in (Shape.MESSAGE, Shape.INFO) and person is not None and (person == oa_id or knows(person)):
        shape = Shape.ECHO  # Whatever it calls itself: an OA's own message is never a citizen's question.
    if person is None and shape is not Shape.PLATFORM and shape is not Shape.ACT:
        raise UnclearError("no_person")
    officer = bool(at(body, ("sender", "admin_id")))
    message, receipted = _content(envelope, shape, row, officer=officer)
    return Parsed(
        event_name=name,
        shape=shape,
        oa_id=oa_id,
        person=person,
        person_in_app=_person_in_app(envelope),
        reachable=reachable,
        at_ms=moment_ms(envelope.message.get("delivery_time") or envelope.timestamp, arrived_ms),
        identity=_identity(envelope, row, person),
        kind=row.kind,
        source=_source(envelope),
        officer=officer,
        message=message,
        receipt=receipted,
    )


def _person(envelope: Envelope, row: Row, oa_id: str) -> tuple[str | None, bool]:
    id_and_path = first(envelope.body, row.person)
    if id_and_path is None:
        return None, False
    person, path = id_and_path
    if person == oa_id and row.shape in _RECEIPTS:  # The receipt whose fields are reversed.
        return ident(at(envelope.body, ("sender", "id"))), row.reachable
    return person, row.reachable and path != PHONE


def _person_in_app(envelope: Envelope) -> tuple[str, str] | None:
    """A `user_id` is another with each OA. What Zalo says beside it is not, where Zalo says it."""
    by_app = ident(envelope.body.get("user_id_by_app"))
    return (envelope.app_id, by_app) if envelope.app_id and by_app else None


def _content(
    envelope: Envelope, shape: Shape, row: Row, *, officer: bool
) -> tuple[InboundMessage | None, Receipt | None]:
    """Returns the content, for the shapes whose content we parse; the others travel as raw JSON."""
    try:
        if shape is Shape.MESSAGE or (shape is Shape.ECHO and officer):
            return inbound_message(envelope, row.kind), None
        if shape is Shape.INFO:
            return contact_card(envelope), None
        if shape is Shape.ECHO or shape in _RECEIPTS:
            return None, receipt(envelope)
    except ValidationError:
        raise UnclearError("out_of_bounds") from None  # The error's text could quote a citizen.
    return None, None


def _identity(envelope: Envelope, row: Row, person: str | None) -> tuple[str, ...]:
    """Returns Zalo's identity of an event: its message id, or person and time; the whole body where there is neither."""
    message = envelope.message
    msg_id = ident(message.get("msg_id"))
    if row.identity is Identity.MESSAGE and msg_id:
        return ("id", msg_id)
    if row.identity is Identity.WHOLE or not envelope.timestamp:
        return ("whole", _digest(envelope.body))
    ids = message.get("msg_ids")
    listed = [listed_id for listed_id in map(ident, ids) if listed_id] if isinstance(ids, list) else []
    call, icon = ident(envelope.body.get("call_id")), message.get("react_icon")
    return ("at", person or "", envelope.timestamp, msg_id or "", call or "", str(icon or ""), *listed)


def _digest(body: Json) -> str:
    try:
        return sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()
    except orjson.JSONEncodeError:
        raise UnclearError("too_deep") from None  # It reads a thousand levels and writes a quarter of that.


def _source(envelope: Envelope) -> str:
    source = envelope.body.get("source")
    return source[:64] if isinstance(source, str) and source.isprintable() else ""
