"""A conversation as Zalo remembers it (`GET /v2.0/oa/conversation`), and whether a message of ours is in it. Pure."""

from dataclasses import dataclass, field
from typing import Any

from contracts.message import Part
from services.notify.zalo.shape import normal

_FROM_OA = 0


@dataclass(frozen=True, slots=True)
class Line:
    message_id: str
    ours: bool
    at_ms: int
    kind: str
    text: str = field(repr=False)


def read(data: Any) -> list[Line]:
    """Newest first, as Zalo gives it. Lines that are no lines are passed over."""
    found: list[Line] = []
    for one in data if isinstance(data, list) else []:
        if not isinstance(one, dict) or not one.get("message_id"):
            continue
        at, text = one.get("time"), one.get("message")
        found.append(
            Line(
                str(one["message_id"]),
                str(one.get("src")) == str(_FROM_OA),
                int(at) if isinstance(at, int) or (isinstance(at, str) and at.isdigit()) else 0,
                str(one.get("type", "")),
                text if isinstance(text, str) else "",
            )
        )
    return found


def is_it(line: Line, part: Part, since_ms: int) -> bool:
    """Words are compared; a message without any by being something other than words."""
    if not line.ours or line.at_ms < since_ms:
        return False
    if part.text and part.ask_info is None:
        return normal(line.text).strip() == normal(part.text).strip()
    return line.kind != "text" and not line.text.strip()
