"""What the chatbot receives, opened and classified. Pure values: the same turn is always decided the same way."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from contracts.event import Event
from contracts.message import Attachment, InboundMessage, Kind
from contracts.text import fold, normalise

OFFICE_FOR = "viec"  # `#lam f_don_vi viec cc_doi`: an office that does this, near the citizen.


class Trigger(StrEnum):
    MESSAGE = "said"
    FOLLOWED = "followed"
    OFFICER = "officer"  # An officer wrote in Zalo's own tool.
    TIMER = "rang"  # The clock: something is due.


@dataclass(frozen=True, slots=True)
class Turn:
    trigger: Trigger
    event: Event
    at: datetime
    kind: Kind = Kind.TEXT
    text: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    info: dict[str, str] = field(default_factory=dict, repr=False)
    person: str = ""  # A pseudonym that is the same with every OA.

    @classmethod
    def from_message(cls, event: Event, kind: Kind, message: InboundMessage) -> "Turn":
        text = normalise(message.text).strip()
        info = dict(message.info)
        return cls(Trigger.MESSAGE, event, event.occurred_at, kind, text, message.attachments, info, message.person)


@dataclass(frozen=True, slots=True)
class Command:
    """A button's payload: `#verb argument…`. Free text is never one."""

    verb: str
    words: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        return self.words[0] if self.words else ""


_COMMAND = re.compile(r"#([a-z_]{2,20})(?: ([A-Za-z0-9_.:/ -]{1,200}))?", re.ASCII)
_GLOBAL = {
    "cancel": {"huy", "huy bo", "thoat", "dung lai", "thoi khong lam nua", "#huy", "bo qua het"},
    "back": {"quay lai", "tro lai", "lui lai", "buoc truoc", "#quaylai"},
    "help": {"tro giup", "giup", "giup toi", "help", "huong dan", "#trogiup"},
    "menu": {"menu", "bat dau", "trang chu", "start", "danh muc", "#menu"},
    "officer": {"gap can bo", "gap nguoi that", "noi chuyen voi can bo", "gap can bo truc", "#canbo"},
}


def command(text: str) -> Command | None:
    """Returns the command that `text` is, or None. Bounded: what is longer than a payload of ours is no command."""
    match = _COMMAND.fullmatch(text.strip()[:240])
    return Command(match[1], tuple((match[2] or "").split())) if match else None


def global_word(text: str) -> str | None:
    """`cancel`, `back`, `help`, `menu` or `officer`: the words that always work, however they are typed."""
    if len(text) > 40:  # noqa: PLR2004 — a sentence is no such word.
        return None
    typed = fold(text).strip(" .!?")
    return next((name for name, words in _GLOBAL.items() if typed in words), None)
