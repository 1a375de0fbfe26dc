"""What was understood, as the event to publish: ids derived, everything personal sealed."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.crypto import KeyRing, Pepper, Place
from chassis.model import to_json
from chassis.transit import seal_to
from contracts.event import Event
from contracts.floor import Holder
from contracts.gateway import (
    CitizenActed,
    CitizenFollowed,
    CitizenUnfollowed,
    CitizenWithdrew,
    MessageDelivered,
    MessageEchoed,
    MessageReceived,
    MessageSeen,
    OfficerReplied,
    PlatformNoticed,
    TipReceived,
)
from contracts.message import EVIDENCE, Address, InboundMessage
from services.gateway.floors import TO_CHATBOT, Routing
from services.gateway.readers import Readers
from services.gateway.zalo.catalogue import Shape
from services.gateway.zalo.envelope import when
from services.gateway.zalo.parse import Parsed

EVENT_NAMESPACE = uuid5(NAMESPACE_URL, "urn:loa:gateway:zalo-events")
RECENT_PERSONS = 32_768

_EVENT_TYPES: dict[Shape, type[Event]] = {
    Shape.MESSAGE: MessageReceived,
    Shape.INFO: MessageReceived,
    Shape.ECHO: MessageEchoed,
    Shape.DELIVERED: MessageDelivered,
    Shape.SEEN: MessageSeen,
    Shape.FOLLOW: CitizenFollowed,
    Shape.UNFOLLOW: CitizenUnfollowed,
    Shape.ACT: CitizenActed,
    Shape.WITHDRAW: CitizenWithdrew,
    Shape.PLATFORM: PlatformNoticed,
}


class EventFactory:
    """Holds the keys; does no I/O. The same event gets the same id, on every replica, for ever."""

    def __init__(self, bodies: KeyRing, addresses: KeyRing, pepper: Pepper, readers: Readers) -> None:
        self._bodies, self._addresses, self._pepper, self._readers = bodies, addresses, pepper, readers
        # A question is followed by an echo and two receipts: the pseudonym need not be computed four times.
        self.conversation = lru_cache(RECENT_PERSONS)(self._conversation)
        self._sealed_address = lru_cache(RECENT_PERSONS)(self._seal_address)
        self._pseudonym_in_app = lru_cache(RECENT_PERSONS)(self._person_in_app)

    def clear_cache(self) -> None:
        """A citizen asked to be forgotten: clear the cache of pseudonyms."""
        self.conversation.cache_clear()
        self._sealed_address.cache_clear()
        self._pseudonym_in_app.cache_clear()

    def digest(self, oa_id: str, raw: bytes) -> str:
        """Returns what two deliveries of the same bytes have in common; nobody without the pepper can try bytes against it."""
        return self._pepper.pseudonym(oa_id, hashlib.sha256(raw).hexdigest())

    def _conversation(self, oa_id: str, person: str | None) -> str:
        """Returns the pseudonym of one citizen with one OA; what concerns no citizen is the OA's own conversation."""
        return self._pepper.pseudonym(oa_id, person) if person else self._pepper.pseudonym(oa_id)

    def _person_in_app(self, app_id: str, user_id: str) -> str:
        return self._pepper.pseudonym("person", app_id, user_id)

    def _seal_address(self, oa_id: str, person: str) -> str:
        address = Address(oa_id=oa_id, user_id=person)
        return self._addresses.seal(to_json(address), Place.address(oa_id, self.conversation(oa_id, person)))

    def event_id(self, parsed: Parsed) -> UUID:
        """Returns a derived id. The person enters it as a pseudonym: a Zalo id could be found again from a plain digest."""
        identity = parsed.identity[1]
        if parsed.identity[0] != "id":
            identity = self._pepper.pseudonym(parsed.oa_id, *parsed.identity)
        return uuid5(EVENT_NAMESPACE, f"{parsed.oa_id}|{parsed.event_name}|{identity}")

    def build(self, parsed: Parsed, raw: bytes, routing: Routing = TO_CHATBOT) -> Event:
        """Raises pydantic.ValidationError should a bound of the contract be broken after all."""
        event_type = TipReceived if routing.holder is Holder.TIPS else self._event_type(parsed)
        fields: dict[str, Any] = {
            "id": self.event_id(parsed),
            "occurred_at": when(parsed.at_ms),
            "conversation": self.conversation(parsed.oa_id, parsed.person),
            "oa_id": parsed.oa_id,
        }
        if event_type is TipReceived or (event_type is MessageReceived and parsed.kind in EVIDENCE):
            fields |= self._to_readers(parsed, routing, _place(fields))
        else:
            _FIELDS_OF[event_type](self, fields, parsed, raw)
        return event_type(**fields)

    @staticmethod
    def _event_type(parsed: Parsed) -> type[Event]:
        return OfficerReplied if parsed.officer and parsed.shape is Shape.ECHO else _EVENT_TYPES[parsed.shape]

    def _to_readers(self, parsed: Parsed, routing: Routing, place: Place) -> dict[str, Any]:
        """A message that is a tip's, or may become a part of one, is sealed to whoever may have to read it."""
        certain = routing.known is not None
        readers = self._readers.both() if parsed.kind in EVIDENCE and not certain else self._readers.tips.current()
        plain = to_json(parsed.message) if parsed.message is not None else b"{}"
        return {"kind": parsed.kind, "body": seal_to(plain, readers, place), "address": self.address(parsed)}

    def body(self, parsed: Parsed, raw: bytes, place: Place) -> str:
        content = self._message(parsed) or parsed.receipt
        plain = to_json(content) if content is not None else raw
        return self._bodies.seal(plain, place)

    def _message(self, parsed: Parsed) -> InboundMessage | None:
        """A message says, inside its seal, who it is from to all OAs of the app: limits on proofs count persons."""
        if parsed.message is None or parsed.person_in_app is None:
            return parsed.message
        return parsed.message.model_copy(update={"person": self._pseudonym_in_app(*parsed.person_in_app)})

    def address(self, parsed: Parsed) -> str | None:
        if parsed.person is None or not parsed.reachable:
            return None
        return self._sealed_address(parsed.oa_id, parsed.person)


def _place(fields: dict[str, Any]) -> Place:
    return Place.body(fields["oa_id"], fields["conversation"], fields["id"])


def _with_body(factory: EventFactory, fields: dict[str, Any], parsed: Parsed, raw: bytes) -> None:
    fields["body"] = factory.body(parsed, raw, _place(fields))


def _with_body_and_address(factory: EventFactory, fields: dict[str, Any], parsed: Parsed, raw: bytes) -> None:
    fields["body"] = factory.body(parsed, raw, _place(fields))
    fields["address"] = factory.address(parsed)


def _message_fields(factory: EventFactory, fields: dict[str, Any], parsed: Parsed, raw: bytes) -> None:
    fields["kind"] = parsed.kind
    _with_body_and_address(factory, fields, parsed, raw)


def _follow_fields(factory: EventFactory, fields: dict[str, Any], parsed: Parsed, _: bytes) -> None:
    fields["source"] = parsed.source
    fields["address"] = factory.address(parsed)


def _withdrawal_fields(factory: EventFactory, fields: dict[str, Any], parsed: Parsed, _: bytes) -> None:
    fields["address"] = factory.address(parsed)


def _act_fields(factory: EventFactory, fields: dict[str, Any], parsed: Parsed, raw: bytes) -> None:
    fields["action"] = parsed.event_name
    _with_body_and_address(factory, fields, parsed, raw)


def _notice_fields(factory: EventFactory, fields: dict[str, Any], parsed: Parsed, raw: bytes) -> None:
    fields["name"] = parsed.event_name
    _with_body(factory, fields, parsed, raw)


_FIELDS_OF: dict[type[Event], Callable[[EventFactory, dict[str, Any], Parsed, bytes], None]] = {
    MessageReceived: _message_fields,
    OfficerReplied: _with_body_and_address,
    MessageEchoed: _with_body,
    MessageDelivered: _with_body,
    MessageSeen: _with_body,
    CitizenFollowed: _follow_fields,
    CitizenUnfollowed: _follow_fields,
    CitizenActed: _act_fields,
    CitizenWithdrew: _withdrawal_fields,
    PlatformNoticed: _notice_fields,
}
