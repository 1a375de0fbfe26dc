"""What the chatbot hears, opened and told apart. Pure values: the same turn is decided the same way for ever."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from contracts.event import Event
from contracts.message import Attachment, Kind, Spoken


class What(StrEnum):
    SAID = "said"
    FOLLOWED = "followed"
    OFFICER = "officer"  # An officer wrote in Zalo's own tool.
    RANG = "rang"  # The clock: something is due.


@dataclass(frozen=True, slots=True)
class Turn:
    what: What
    event: Event
    at: datetime
    kind: Kind = Kind.TEXT
    text: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    info: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def said(cls, event: Event, kind: Kind, spoken: Spoken) -> "Turn":
        text = unicodedata.normalize("NFC", spoken.text).strip()
        return cls(What.SAID, event, event.occurred_at, kind, text, spoken.attachments, dict(spoken.info))


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
    """The command that `text` is, or None. Bounded: what is longer than a payload of ours is no command."""
    found = _COMMAND.fullmatch(text.strip()[:240])
    return Command(found[1], tuple((found[2] or "").split())) if found else None


def plain(text: str) -> str:
    """Lower case, without diacritics or doubled spaces: how people type when in a hurry."""
    if text.isascii():
        return " ".join(text.casefold().split())
    folded = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(bare.split())


def global_word(text: str) -> str | None:
    """`cancel`, `back`, `help`, `menu` or `officer`: the words that always work, however they are typed."""
    if len(text) > 40:  # noqa: PLR2004 — a sentence is no such word.
        return None
    bare = plain(text).strip(" .!?")
    return next((name for name, words in _GLOBAL.items() if bare in words), None)
