"""The topics, and who publishes and consumes what on them, as an AsyncAPI 3.0 page made from the catalogue."""

import inspect
from collections.abc import Iterator
from typing import Any

import yaml

from contracts import audit, chatbot, gateway, notify, tips
from contracts.catalogue import DEAD, READERS, TABLES, event_types

# What the sealed `body` of an event opens to. `json` is Zalo's own payload, as it came.
OPENS_TO: dict[str, str] = {
    "message.received.v1": "spoken",
    "tip.received.v1": "spoken",
    "tips.released.v1": "spoken",
    "officer.replied.v1": "spoken",
    "citizen.acted.v1": "json",
    "message.delivered.v1": "receipt",
    "message.seen.v1": "receipt",
    "message.echoed.v1": "receipt",
    "platform.noticed.v1": "json",
    "reply.chosen.v1": "speech",
    "tip.reply.chosen.v1": "speech",
}
_LINE = 1_000  # Characters: descriptions are not broken.
HEADERS: dict[str, str] = {
    "ce_specversion": "CloudEvents: always 1.0.",
    "ce_id": "CloudEvents: the event's id. The same id is the same event, however often it is received.",
    "ce_type": "CloudEvents: the event's name and version.",
    "ce_source": "CloudEvents: the service that publishes it.",
    "ce_time": "CloudEvents: when it happened.",
    "traceparent": "W3C Trace Context: handed on from the first cause.",
    "loa_arrived_ms": "When the first cause reached our walls, in milliseconds since 1970.",
}
_PRODUCERS: dict[str, tuple[str, ...]] = {
    gateway.MESSAGES: ("gateway",),
    gateway.RECEIPTS: ("gateway",),
    gateway.TIPS: ("gateway",),
    gateway.FLOORS: ("gateway",),
    chatbot.EVENTS: ("chatbot",),
    chatbot.KEYS: ("chatbot",),
    tips.EVENTS: ("tips",),
    tips.MESSAGES: ("tips",),
    tips.KEYS: ("tips",),
    notify.EVENTS: ("notify",),
    audit.EVENTS: ("gateway", "chatbot", "tips", "notify"),  # Each may only write it.
}
_KEYS: dict[str, str] = {
    chatbot.KEYS: "The id of a transit key.",
    tips.KEYS: "The id of a transit key.",
    tips.EVENTS: "The OA.",
    notify.EVENTS: "The conversation, or the campaign.",
    audit.EVENTS: "The pseudonym of whom or what was looked at.",
}


def page() -> str:
    """Returns the whole page as YAML, ending in a line break."""
    document = yaml.safe_dump(_document(), allow_unicode=True, sort_keys=False, width=_LINE)
    return f"# Made by `loa contracts`: change the models in contracts/, not this page.\n{document}"


def _document() -> dict[str, Any]:
    description = (
        "What services say to each other. Bodies and addresses are sealed: nothing personal lies open on the log."
    )
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Loa", "version": "1.0.0", "description": description},
        "defaultContentType": "application/json",
        "channels": {topic: _channel(topic) for topic in _PRODUCERS}
        | {topic: _dead_letters(topic) for topic in DEAD.values()},
        "operations": dict(_operations()),
        "components": {
            "messages": {name: _message(name) for name in sorted(event_types())},
            "messageTraits": {"cloudevent": {"headers": _headers()}},
        },
    }


def _events_on(topic: str) -> list[str]:
    return sorted(name for name, event_type in event_types().items() if event_type.topic == topic)


def _channel(topic: str) -> dict[str, Any]:
    key = _KEYS.get(topic, "The conversation: a keyed pseudonym of one citizen with one OA.")
    return {
        "address": topic,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _events_on(topic)},
        "bindings": {"kafka": {"key": {"type": "string", "description": key}}},
    }


def _dead_letters(topic: str) -> dict[str, Any]:
    description = "Records that failed, byte for byte, with loa_dead_why, _topic, _partition and _offset as headers."
    return {"address": topic, "description": description}


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for topic, service in ((topic, service) for topic, services in _PRODUCERS.items() for service in services):
        yield f"{service} publishes to {topic}", {"action": "send", "channel": _to(topic)}
    for service, topics in READERS.items():
        for topic in topics:
            yield f"{service} consumes {topic}", {"action": "receive", "channel": _to(topic)}
        yield f"{service} dead-letters to {DEAD[service]}", {"action": "send", "channel": _to(DEAD[service])}
    for service, topics in TABLES.items():
        for topic in topics:
            yield f"{service} keeps a table of {topic}", {"action": "receive", "channel": _to(topic)}


def _to(topic: str) -> dict[str, str]:
    return {"$ref": f"#/channels/{topic}"}


def _message(name: str) -> dict[str, Any]:
    event_type = event_types()[name]
    summary = inspect.cleandoc(event_type.__dict__.get("__doc__") or "")
    message: dict[str, Any] = {"name": name, "title": event_type.__name__}
    if summary:
        message["summary"] = summary
    message["traits"] = [{"$ref": "#/components/messageTraits/cloudevent"}]
    message["payload"] = {"$ref": f"../contracts/schemas/{name}.json"}
    if opens_to := OPENS_TO.get(name):
        message["x-body-opens-to"] = opens_to if opens_to == "json" else f"../contracts/schemas/{opens_to}.json"
    if "address" in event_type.model_fields:
        message["x-address-opens-to"] = "../contracts/schemas/address.json"
    return message


def _headers() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", "description": meaning} for name, meaning in HEADERS.items()},
    }
