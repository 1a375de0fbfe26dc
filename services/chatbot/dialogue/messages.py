"""Composes Zalo messages within the platform's limits (text 2,000, five buttons, payload 1,000)."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from chassis.model import to_json
from contracts.message import Button, ButtonKind, MessagePart, OutboundMessage

MAX_CHARACTERS = 2_000
MAX_BUTTONS = 5
MAX_PARTS = 10


class StaticMessage(tuple[MessagePart, ...]):  # noqa: SLOT001 — a tuple without slots has room for what is worked out.
    """A message that many citizens get, without pictures or files: its JSON is computed once."""

    @cached_property
    def encoded(self) -> bytes:
        return encode_message(self)


def encode_message(parts: tuple[MessagePart, ...]) -> bytes:
    """Returns the JSON of an OutboundMessage. Raises pydantic.ValidationError on too many parts."""
    message = OutboundMessage(parts=tuple(parts))
    return to_json(message, exclude_defaults=True)


def tap(title: str, payload: str) -> Button:
    """A button that comes back to us, unseen in the chat."""
    return Button(title=title[:100], kind=ButtonKind.HIDE, payload=payload)


def link(title: str, url: str) -> Button:
    return Button(title=title[:100], kind=ButtonKind.URL, payload=url)


def call(title: str, phone: str) -> Button:
    return Button(title=title[:100], kind=ButtonKind.PHONE, payload=phone)


def compose(text: str, buttons: Sequence[Button] = ()) -> tuple[MessagePart, ...]:
    """As many messages as the text needs; the buttons stand under the last one."""
    pieces = list(split(text))[:MAX_PARTS]
    last = MessagePart(text=pieces[-1], buttons=tuple(buttons)[:MAX_BUTTONS])
    return (*(MessagePart(text=piece) for piece in pieces[:-1]), last)


def split(text: str, limit: int = MAX_CHARACTERS) -> Iterable[str]:
    """Cut at line breaks, else at spaces, else hard: no piece is longer than Zalo takes."""
    rest = text.strip() or "…"
    while len(rest) > limit:
        cut = max(rest.rfind("\n", 0, limit), 0) or max(rest.rfind(" ", 0, limit), 0) or limit
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    yield rest


def bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
