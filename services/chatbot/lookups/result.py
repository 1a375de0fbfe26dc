"""The result of a look-up: the value, and where it comes from and how old it is, so that every answer can say so."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from chassis.clock import VIETNAM
from services.chatbot.dialogue.context import Context

T = TypeVar("T")

MAX_BY_PERSON = 5  # Wrong proofs of one person within the window.
WINDOW_MINUTES = 60


@dataclass(frozen=True, slots=True)
class LookupResult(Generic[T]):
    value: T = field(repr=False)
    source: str
    as_of: datetime
    stale: bool = False  # From the cache, while the source itself is away.


def source_line(ctx: Context, source: str, as_of: datetime, *, stale: bool = False) -> str:
    """The line under every looked-up answer."""
    when = f"{as_of.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    line = ctx.text("common.source", source=source, when=when)
    return f"{line}\n{ctx.text('common.stale', when=when)}" if stale else line


@dataclass(frozen=True, slots=True)
class Locked:
    """Too many wrong attempts, of this citizen or on this plate."""

    minutes: int
