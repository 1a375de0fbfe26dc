"""What a step of a flow may answer, and what flows are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, ParamSpec, TypeVar

from contracts.message import Button, MessagePart
from contracts.text import read_number
from services.chatbot.dialogue.actions import Action, Decision
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.messages import tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.turn import Turn, command


@dataclass(frozen=True, slots=True)
class Ask:
    """Say this and wait for an answer to the step."""

    parts: tuple[MessagePart, ...]
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GoTo:
    """Go on to another step, with new slots. `parts` come before that step's prompt; `changes` are as in Finish."""

    step: str
    slots: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[MessagePart, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retry:
    """The answer is invalid: say why, and ask once more."""

    parts: tuple[MessagePart, ...]


@dataclass(frozen=True, slots=True)
class Finish:
    """The flow ends. `changes` are fields of the conversation; `actions` is what else is to be published."""

    parts: tuple[MessagePart, ...]
    ending: Literal["done", "cancelled", "abandoned", "refused"] = "done"
    changes: Mapping[str, Any] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class NotHandled:
    """Not an answer to this step, but a question about something else. It is answered, and the flow waits."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """An answer of no use, and what to say of it; unless it clearly was about something else."""

    decision: Decision


PromptResult = Ask | GoTo | Finish
HandleResult = Ask | GoTo | Retry | Finish | NotHandled
P = ParamSpec("P")
T = TypeVar("T")


def pure(step: Callable[P, T]) -> Callable[P, EffectProcess[T]]:
    """Turns a step without effects into one that may yield them."""

    def process(*args: P.args, **kwargs: P.kwargs) -> EffectProcess[T]:
        yield from ()  # Makes it a generator without effects.
        return step(*args, **kwargs)

    return process


@dataclass(frozen=True, slots=True)
class Step:
    prompt: Callable[[Context, FlowState], EffectProcess[PromptResult]]
    handle: Callable[[Context, FlowState, Turn], EffectProcess[HandleResult]]


Opening = tuple[str, Mapping[str, str]]
"""The step that a flow begins with, and its first slots."""


@dataclass(frozen=True, slots=True)
class Flow:
    """`start` reads the words of `#lam <flow> word…`; it returns None for words that no button of ours has, or not any more."""

    name: str
    steps: Mapping[str, Step]
    first: str
    start: Callable[[Context, tuple[str, ...]], Opening | None] | None = None
    begins_with: Literal["dossier", "plate", "candidate"] | None = (
        None  # A number in a question that is its first word.
    )
    free_worded: bool = False  # Any words may be an answer: "cảm ơn" may be just what a citizen wants to have said.
    surveyed: bool = True  # Whether a citizen is asked afterwards how it went.


def opening_with(
    words: tuple[str, ...], slot: str, read: Callable[[str], str | None], *, without: str, then: str
) -> Opening | None:
    """Returns the opening of a flow that may begin with one value: at step `then` with it, at step `without` without it."""
    if not words:
        return without, {}
    value = read(words[0]) if len(words) == 1 else None
    return None if value is None else (then, {slot: value})


def picked(turn: Turn) -> str | None:
    """What was chosen with a button of this flow, as in `#chon value`."""
    chosen = command(turn.text)
    return " ".join(chosen.words) if chosen is not None and chosen.verb == "chon" else None


def yes_no_buttons(ctx: Context) -> tuple[Button, Button]:
    """Answered by `parsing.yes_or_no(picked(turn) or turn.text)`."""
    return tap(ctx.text("button.yes"), "#chon co"), tap(ctx.text("button.no"), "#chon khong")


def page_of(flow_state: FlowState) -> int:
    """Returns which page of a long list is shown; the first is 0."""
    return read_number(flow_state.slots.get("page", "0")) or 0


def unavailable(ctx: Context) -> Finish:
    """Returns the end of a flow whose source does not answer just now."""
    return Finish(ctx.say("common.unavailable", ctx.menu_button), "refused")
