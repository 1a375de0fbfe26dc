"""Who answers: chatbot and tips both hear every message, and exactly one speaks.

Computed alike on both sides, from the ordered messages alone; neither calls the other.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

IDLE = timedelta(minutes=30)  # By event time: a reporter who fell silent is a citizen with a question again.
OPEN = "#tinbao"  # The payload of a button, a menu item or a QR code. Free text never moves the floor.
CLOSERS = frozenset({"#xong", "#huy"})
_LONGEST_COMMAND = 64  # Characters looked at; a long story is no command.


class Holder(StrEnum):
    CHATBOT = "chatbot"
    TIPS = "tips"


@dataclass(frozen=True, slots=True)
class Floor:
    holder: Holder = Holder.CHATBOT
    last_at: datetime | None = None


def command(text: str) -> str | None:
    """`#tinbao`, `#xong` or `#huy` if that is what `text` begins with, however it is accented or cased."""
    head = text.lstrip()[:_LONGEST_COMMAND]
    if not head.startswith("#"):
        return None
    folded = unicodedata.normalize("NFD", head.casefold().replace("đ", "d"))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    word = plain.replace(":", " ").split()[0]
    return word if word == OPEN or word in CLOSERS else None


def hear(floor: Floor, text: str, at: datetime) -> tuple[Floor, Holder]:
    """The floor after a message, and who answers that message."""
    idle = floor.last_at is not None and at - floor.last_at > IDLE
    holder = Holder.CHATBOT if idle else floor.holder
    last_at = at if floor.last_at is None else max(at, floor.last_at)
    said = command(text)
    if said == OPEN:
        return Floor(Holder.TIPS, last_at), Holder.TIPS
    if said in CLOSERS:
        return Floor(Holder.CHATBOT, last_at), holder
    return Floor(holder, last_at), holder
