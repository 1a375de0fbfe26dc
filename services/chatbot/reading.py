"""What is asked of the understanding, the shape of its answer, and what an errand must know before it takes words for its own."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from contracts.message import Kind
from services.chatbot.answers import written_on_a_button
from services.chatbot.asks import Asking, Question, Unavailable, ask
from services.chatbot.context import Context
from services.chatbot.state import Run
from services.chatbot.turn import Turn
from services.chatbot.understand.understood import Codes

FEWEST = 2  # Words that can tell of something else.
TAKES_ANY_WORDS = {"f_khao_sat"}  # "Cảm ơn" may be just what a citizen wants to have said.


class Understood(Protocol):
    """What the understanding makes of a text (understand.Understood has this shape)."""

    @property
    def outcome(self) -> str: ...  # answer, flow, choices, decline
    @property
    def key(self) -> str | None: ...
    @property
    def facet(self) -> str | None: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    @property
    def others(self) -> tuple[str, ...]: ...
    @property
    def codes(self) -> Codes: ...
    @property
    def danger(self) -> bool: ...
    @property
    def tip(self) -> bool: ...
    @property
    def wish(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Understand(Question[Understood]):
    """`version` names the content whose understanding is asked."""

    text: str = field(repr=False)
    version: str = ""


def interrupted(run: Run, turn: Turn, ctx: Context) -> Asking[Literal["danger", "wish"] | None]:
    """Whether words in an errand tell of a danger to life, or outright of another wish. A code, a date, a tap does not."""
    if turn.kind is not Kind.TEXT or len(turn.text.split()) < FEWEST or turn.text.startswith("#"):
        return None
    read = yield from ask(Understand(turn.text, ctx.content.version))
    if isinstance(read, Unavailable):
        return None
    if read.danger:
        return "danger"
    return "wish" if read.wish is not None and read.wish != "noted" and run.flow not in TAKES_ANY_WORDS else None


def clear(turn: Turn, ctx: Context) -> Asking[bool]:
    """Whether a text that an errand could not use is plainly a question, a wish or a danger of its own."""
    if turn.kind is not Kind.TEXT or written_on_a_button(turn.text, ctx) is not None:
        return turn.kind is Kind.TEXT
    read = yield from ask(Understand(turn.text, ctx.content.version))
    if isinstance(read, Unavailable):
        return False
    return read.danger or read.wish is not None or read.outcome in {"answer", "flow"}
