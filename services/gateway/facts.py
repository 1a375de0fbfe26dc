"""What was understood, as the fact that goes on the log: ids derived, everything personal sealed."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.sealing import Pepper, Ring
from contracts.event import Event
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
)
from contracts.message import Address
from services.gateway.zalo.catalogue import Shape
from services.gateway.zalo.envelope import when
from services.gateway.zalo.parse import Parsed

EVENTS = uuid5(NAMESPACE_URL, "urn:loa:gateway:zalo-events")
BODY, ADDRESS = "body", "address"
RECENT_PERSONS = 32_768

_FACTS: dict[Shape, type[Event]] = {
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


class Facts:
    """Holds the keys; does no I/O. The same event gives the same id, on every replica, for ever."""

    def __init__(self, bodies: Ring, addresses: Ring, pepper: Pepper) -> None:
        self._bodies, self._addresses, self._pepper = bodies, addresses, pepper
        # A question is followed by an echo and two receipts: who it is about need not be worked out four times.
        self.conversation = lru_cache(RECENT_PERSONS)(self._conversation)
        self._sealed_address = lru_cache(RECENT_PERSONS)(self._seal_address)

    def forget(self) -> None:
        """Somebody asked to be forgotten: nobody stays in memory."""
        self.conversation.cache_clear()
        self._sealed_address.cache_clear()

    def _conversation(self, oa_id: str, person: str | None) -> str:
        """One citizen with one OA; what concerns no person is the OA's own conversation."""
        return self._pepper.pseudonym(oa_id, person) if person else self._pepper.pseudonym(oa_id)

    def _seal_address(self, oa_id: str, person: str) -> str:
        address = Address(oa_id=oa_id, user_id=person)
        return self._addresses.seal(address.__pydantic_serializer__.to_json(address), oa_id, ADDRESS)

    def event_id(self, parsed: Parsed) -> UUID:
        """Derived. The person enters as a pseudonym: a Zalo id could be found again from a plain digest."""
        told = parsed.identity[1]
        if parsed.identity[0] != "id":
            told = self._pepper.pseudonym(parsed.oa_id, *parsed.identity)
        return uuid5(EVENTS, f"{parsed.oa_id}|{parsed.event_name}|{told}")

    def fact(self, parsed: Parsed, raw: bytes) -> Event:
        """Raises pydantic.ValidationError should a bound of the contract be broken after all."""
        kind = OfficerReplied if parsed.officer and parsed.shape is Shape.ECHO else _FACTS[parsed.shape]
        said: dict[str, Any] = {
            "id": self.event_id(parsed),
            "occurred_at": when(parsed.at_ms),
            "conversation": self.conversation(parsed.oa_id, parsed.person),
            "oa_id": parsed.oa_id,
        }
        _MORE[kind](self, said, parsed, raw)
        return kind(**said)

    def body(self, parsed: Parsed, raw: bytes) -> str:
        inside = parsed.spoken or parsed.receipt
        plain = inside.__pydantic_serializer__.to_json(inside) if inside is not None else raw
        return self._bodies.seal(plain, parsed.oa_id, BODY)

    def address(self, parsed: Parsed) -> str | None:
        if parsed.person is None or not parsed.reachable:
            return None
        return self._sealed_address(parsed.oa_id, parsed.person)


def _with_body(facts: Facts, said: dict[str, Any], parsed: Parsed, raw: bytes) -> None:
    said["body"] = facts.body(parsed, raw)


def _with_both(facts: Facts, said: dict[str, Any], parsed: Parsed, raw: bytes) -> None:
    said["body"] = facts.body(parsed, raw)
    said["address"] = facts.address(parsed)


def _message(facts: Facts, said: dict[str, Any], parsed: Parsed, raw: bytes) -> None:
    said["kind"] = parsed.kind
    _with_both(facts, said, parsed, raw)


def _following(facts: Facts, said: dict[str, Any], parsed: Parsed, _: bytes) -> None:
    said["source"] = parsed.source
    said["address"] = facts.address(parsed)


def _withdrawing(facts: Facts, said: dict[str, Any], parsed: Parsed, _: bytes) -> None:
    said["address"] = facts.address(parsed)


def _acting(facts: Facts, said: dict[str, Any], parsed: Parsed, raw: bytes) -> None:
    said["action"] = parsed.event_name
    _with_both(facts, said, parsed, raw)


def _noticing(facts: Facts, said: dict[str, Any], parsed: Parsed, raw: bytes) -> None:
    said["name"] = parsed.event_name
    _with_body(facts, said, parsed, raw)


_MORE: dict[type[Event], Callable[[Facts, dict[str, Any], Parsed, bytes], None]] = {
    MessageReceived: _message,
    OfficerReplied: _with_both,
    MessageEchoed: _with_body,
    MessageDelivered: _with_body,
    MessageSeen: _with_body,
    CitizenFollowed: _following,
    CitizenUnfollowed: _following,
    CitizenActed: _acting,
    CitizenWithdrew: _withdrawing,
    PlatformNoticed: _noticing,
}
