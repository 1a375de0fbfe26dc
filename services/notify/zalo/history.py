"""A conversation as Zalo has it (`GET /v2.0/oa/conversation`), and whether a message of ours is in it. Pure."""

from dataclasses import dataclass, field
from typing import Any

from contracts.message import MessagePart
from contracts.text import compose, read_number

_FROM_OA = 0
_MS_DIGITS = 13


@dataclass(frozen=True, slots=True)
class ChatMessage:
    message_id: str
    ours: bool
    at_ms: int
    kind: str
    text: str = field(repr=False)


def read(data: Any) -> list[ChatMessage]:
    """Returns the messages, newest first, as Zalo orders them. Malformed ones are skipped."""
    messages: list[ChatMessage] = []
    for item in data if isinstance(data, list) else []:
        if not isinstance(item, dict) or not item.get("message_id"):
            continue
        text = item.get("message")
        messages.append(
            ChatMessage(
                str(item["message_id"]),
                str(item.get("src")) == str(_FROM_OA),
                _at_ms(item.get("time")),
                str(item.get("type", "")),
                text if isinstance(text, str) else "",
            )
        )
    return messages


def _at_ms(value: Any) -> int:
    return (read_number(value, _MS_DIGITS) or 0) if isinstance(value, str) else value if isinstance(value, int) else 0


def is_same_message(message: ChatMessage, part: MessagePart, since_ms: int) -> bool:
    """Texts are compared; a message without a text is recognised by not being one."""
    if not message.ours or message.at_ms < since_ms:
        return False
    if part.text and part.ask_info is None:
        return compose(message.text).strip() == compose(part.text).strip()
    return message.kind != "text" and not message.text.strip()
