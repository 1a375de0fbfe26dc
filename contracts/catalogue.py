"""Every event, the topics they are published on, and the one way to read an event from bytes."""

from typing import Any, get_args

from pydantic import ConfigDict, TypeAdapter

from contracts import audit, chatbot, gateway, notify, tips
from contracts.audit import AuditEvent
from contracts.chatbot import ChatbotEvent
from contracts.event import Event
from contracts.gateway import GatewayEvent
from contracts.notify import NotifyEvent
from contracts.tips import TipsEvent

# An error must not quote a citizen. The models' own setting does not reach the adapter, so it has its own.
_DISCREET = ConfigDict(hide_input_in_errors=True)

_UNIONS: dict[str, Any] = {
    gateway.MESSAGES: GatewayEvent,
    gateway.RECEIPTS: GatewayEvent,
    gateway.TIPS: GatewayEvent,
    gateway.FLOORS: GatewayEvent,
    chatbot.EVENTS: ChatbotEvent,
    chatbot.KEYS: ChatbotEvent,
    tips.EVENTS: TipsEvent,
    tips.MESSAGES: TipsEvent,
    tips.KEYS: TipsEvent,
    notify.EVENTS: NotifyEvent,
    audit.EVENTS: AuditEvent,
}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    topic: TypeAdapter(union, config=None if isinstance(union, type) else _DISCREET) for topic, union in _UNIONS.items()
}

READERS: dict[str, tuple[str, ...]] = {
    "chatbot": (gateway.MESSAGES, tips.MESSAGES),
    "tips": (gateway.MESSAGES, gateway.TIPS),
    "auditor": (audit.EVENTS,),
    "notify": (gateway.MESSAGES, gateway.RECEIPTS, chatbot.EVENTS, tips.EVENTS),
}
# The only topics on which a service may publish; the broker refuses others (chassis/kafka/access.py).
WRITERS: dict[str, tuple[str, ...]] = {
    "gateway": (gateway.MESSAGES, gateway.RECEIPTS, gateway.TIPS, gateway.FLOORS, audit.EVENTS),
    "chatbot": (chatbot.EVENTS, chatbot.KEYS, audit.EVENTS),
    "tips": (tips.EVENTS, tips.MESSAGES, tips.KEYS, audit.EVENTS),
    "notify": (notify.EVENTS, audit.EVENTS),
    "auditor": (),
}
SERVICES: tuple[str, ...] = tuple(WRITERS)
# Read whole by every replica, from the beginning and without a group.
TABLES: dict[str, tuple[str, ...]] = {"gateway": (gateway.FLOORS, tips.KEYS, chatbot.KEYS)}
# Whose progress on the log a service looks at, without reading for it.
WATCHED: dict[str, tuple[str, ...]] = {"gateway": ("tips",)}
TOPICS: tuple[str, ...] = tuple(_UNIONS)
# Of what lies on these topics something can become a tip: they are kept for hours. Every unread record is read long before.
KEPT_HOURS: dict[str, int] = {gateway.MESSAGES: 24, gateway.TIPS: 24, tips.MESSAGES: 24}
COMPACTED_HOURS: dict[str, int] = {
    gateway.FLOORS: 24,
    tips.KEYS: 96,
    chatbot.KEYS: 96,
}  # The newest of each key, and no longer.
KEPT_FOREVER: frozenset[str] = frozenset({audit.EVENTS})  # The others as long as the broker keeps its topics.
DEAD: dict[str, str] = {service: f"{service}.dead" for service in READERS}


def event_types() -> dict[str, type[Event]]:
    """Returns every event class by its versioned name, such as `message.received.v1`."""
    types_by_name: dict[str, type[Event]] = {}
    for union in _UNIONS.values():
        for event_type in get_args(get_args(union)[0]) if get_args(union) else (union,):
            types_by_name[event_type.model_fields["type"].default] = event_type
    return types_by_name


def read(topic: str, value: bytes) -> Event:
    """Returns the event in `value`. Raises pydantic.ValidationError, which quotes nothing, for anything else."""
    event: Event = _ADAPTERS[topic].validate_json(value)
    return event
