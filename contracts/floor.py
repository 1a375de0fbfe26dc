"""Who answers: chatbot and tips both receive every message, and exactly one replies.

Computed alike on both sides, from the ordered messages alone; neither calls the other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.text import fold

IDLE = timedelta(minutes=30)  # By event time: a reporter who fell silent is a citizen with a question again.
OPEN = "#tinbao"  # The payload of a button, a menu item or a QR code. Free text never moves the floor.
CLOSERS = frozenset({"#xong", "#huy"})
_LONGEST_COMMAND = 64  # Characters looked at; a long story is no command.


class Holder(StrEnum):
    CHATBOT = "chatbot"
    TIPS = "tips"


@dataclass(frozen=True, slots=True)
class Floor:
    """While the chatbot holds it there is nothing to store: a service may delete the whole conversation."""

    holder: Holder = Holder.CHATBOT
    last_at: datetime | None = None  # Of the latest message since the floor went to tips.


def command(text: str) -> str | None:
    """Returns `#tinbao`, `#xong` or `#huy` if `text` begins with it, in any case and with any diacritics; otherwise None."""
    if text[:1].isalpha() and fold(text[:1]):  # As nearly all begin; a letter that shows nothing is skipped.
        return None
    head = fold(text.lstrip()[:_LONGEST_COMMAND])
    if not head.startswith("#"):
        return None
    word = head.replace(":", " ").split()[0]
    return word if word == OPEN or word in CLOSERS else None


def lapsed(floor: Floor, at: datetime) -> bool:
    """Returns whether the reporter had fallen silent by `at`, so that the floor went back by itself."""
    return floor.holder is Holder.TIPS and floor.last_at is not None and at - floor.last_at > IDLE


def floor_after(floor: Floor, text: str, at: datetime) -> tuple[Floor, Holder]:
    """Returns the floor after a message, and who answers that message."""
    current = Floor() if lapsed(floor, at) else floor
    latest = at if current.last_at is None else max(at, current.last_at)
    command_word = command(text)
    if command_word == OPEN:
        return Floor(Holder.TIPS, latest), Holder.TIPS
    if command_word in CLOSERS or current.holder is Holder.CHATBOT:
        return Floor(), current.holder
    return Floor(Holder.TIPS, latest), Holder.TIPS
