"""Every fact there is, the topics they travel on, and the one way to read a fact from bytes."""

from typing import Any, get_args

from pydantic import ConfigDict, TypeAdapter

from contracts import chatbot, gateway, notify, tips
from contracts.chatbot import ChatbotFact
from contracts.event import Event
from contracts.gateway import GatewayFact
from contracts.notify import NotifyFact
from contracts.tips import TipsFact

# An error must not quote a citizen. The models' own setting does not reach the adapter, so it has its own.
_DISCREET = ConfigDict(hide_input_in_errors=True)

_UNIONS: dict[str, Any] = {
    gateway.MESSAGES: GatewayFact,
    gateway.RECEIPTS: GatewayFact,
    chatbot.EVENTS: ChatbotFact,
    tips.EVENTS: TipsFact,
    notify.EVENTS: NotifyFact,
}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    topic: TypeAdapter(union, config=_DISCREET) for topic, union in _UNIONS.items()
}

READERS: dict[str, tuple[str, ...]] = {
    "chatbot": (gateway.MESSAGES,),
    "tips": (gateway.MESSAGES,),
    "notify": (gateway.MESSAGES, gateway.RECEIPTS, chatbot.EVENTS, tips.EVENTS),
}
TOPICS: tuple[str, ...] = tuple(_UNIONS)
DEAD: dict[str, str] = {house: f"{house}.dead" for house in READERS}


def facts() -> dict[str, type[Event]]:
    """Every fact by its versioned name, such as `message.received.v1`."""
    known: dict[str, type[Event]] = {}
    for union in _UNIONS.values():
        for fact in get_args(get_args(union)[0]):
            known[fact.model_fields["type"].default] = fact
    return known


def read(topic: str, value: bytes) -> Event:
    """The fact that `value` is. Raises pydantic.ValidationError, quoting nothing, on anything else."""
    event: Event = _ADAPTERS[topic].validate_json(value)
    return event
