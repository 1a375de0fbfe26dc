"""What tips handles for certain when it is sound, to tell whether an unhandled batch is its own fault."""

from uuid import uuid4

from chassis.crypto import Place
from chassis.self_test import nobody
from chassis.transit import last_resort, seal_to
from chassis.transit_keys import TransitKeys
from contracts.event import Event
from contracts.gateway import ReporterWithdrew, TipReceived
from contracts.message import InboundMessage, Kind


def known_good(transit: TransitKeys) -> list[Event]:
    """Returns a message that opens no case, and a withdrawal that erases what it left."""
    about, message_id = nobody(), uuid4()
    words = InboundMessage(text="xin chào").model_dump_json().encode()
    readers = {last_resort(transit.service): transit.signer.verify_key.to_curve25519_public_key()}
    body = seal_to(words, readers, Place.body(about["oa_id"], about["conversation"], message_id))
    message = TipReceived(id=message_id, kind=Kind.TEXT, body=body, **about)
    return [message, ReporterWithdrew(id=uuid4(), **about)]
