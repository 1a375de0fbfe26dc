"""Who answers a message, chatbot or tips: computed from the ordered messages alone.

The gateway decides at the door (`TipFloor`), where what goes to tips is sealed to tips. Tips decides once more what is its own
(`floor_after`), since the gateway sends it whatever might be.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.text import fold

IDLE = timedelta(minutes=30)  # By event time: a reporter who fell silent is a citizen with a question again.
OPEN = "#tinbao"  # The payload of a button, a menu item or a QR code. Free text never moves the floor.
CLOSERS = frozenset({"#xong", "#huy"})
SETTLING = timedelta(
    seconds=5
)  # After a floor has moved, what comes may have been written before: tips looks at it first.
REDELIVERY = timedelta(hours=3)  # Longer than Zalo delivers a message again.
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


@dataclass(frozen=True, slots=True)
class TipFloor:
    """What the gateway knows of a conversation with a tip, under way or just over. Most conversations have none."""

    floor: Floor
    since: datetime  # When the first tip that is remembered was opened, by event time.
    until: datetime  # Of the latest message that tips answered, by event time.
    moved_at: datetime = field(compare=False)  # When the floor last changed hands, by our clock.


def answered_by(known: TipFloor | None, text: str, at: datetime, now: datetime) -> tuple[TipFloor | None, Holder]:
    """Returns what is known of the floor after a message, and who answers that message.

    A message from within a tip is the tip's whenever it comes: late, or delivered again after the tip was over.
    """
    before = known.floor if known is not None else _NO_TIP
    floor, holder = floor_after(before, text, at)
    if known is not None and known.since <= at <= known.until and floor.holder is Holder.CHATBOT:
        return known, Holder.TIPS
    if holder is Holder.CHATBOT:
        return known, Holder.CHATBOT
    moved_at = known.moved_at if known is not None and floor.holder is before.holder else now
    since, until = (min(known.since, at), max(known.until, at)) if known is not None else (at, at)
    return TipFloor(floor, since, until, moved_at), Holder.TIPS


def is_certain(known: TipFloor | None, now: datetime) -> bool:
    """Returns whether the floor has settled with the chatbot. Until then tips looks first, and hands on what is not its own."""
    return known is None or now - known.moved_at >= SETTLING


_NO_TIP = Floor()
