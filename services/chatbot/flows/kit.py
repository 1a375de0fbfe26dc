"""What every errand is made of, and the rules that hold in each: cancel, back, help, attempts, expiry.

A flow is a table of steps. Entering a step says something and usually waits; taking an answer leads on, asks again, or ends.
Both may ask the world by yielding (see asks.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, ParamSpec, TypeVar

from contracts.message import Part
from services.chatbot.asks import Asking
from services.chatbot.content.flows import FLOWS
from services.chatbot.context import Context
from services.chatbot.decision import Decision, Do, EndErrand, Say
from services.chatbot.speech import parts, tap
from services.chatbot.state import Conversation, Run, Step
from services.chatbot.turn import Turn, command

TRIES = 3  # Unusable answers in a row; then a person is offered instead of a fourth try.
TRAIL = 12  # Steps that "quay lại" can go back.
MOVES = 20  # Steps entered in one turn: a table that goes in circles is our mistake, not the citizen's.


@dataclass(frozen=True, slots=True)
class Wait:
    """Say this and wait for an answer to the step."""

    parts: tuple[Part, ...]
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Go:
    """On to another step, with what was learnt. `parts` come before what that step says; `changes` are as in Done."""

    step: str
    slots: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Again:
    """The answer is of no use: say why, and ask once more."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The errand ends. `changes` are fields of the conversation; `do` is what else is to be told."""

    parts: tuple[Part, ...]
    ending: Literal["done", "cancelled", "abandoned", "refused"] = "done"
    changes: Mapping[str, Any] = field(default_factory=dict)
    do: tuple[Do, ...] = ()


@dataclass(frozen=True, slots=True)
class NotMine:
    """Not an answer to this step: a question about something else. It is answered, and the errand waits."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """An answer of no use, and what to say of it; unless it clearly was about something else."""

    sorry: Decision


Entered = Wait | Go | Done
Taken = Wait | Go | Again | Done | NotMine


P = ParamSpec("P")
T = TypeVar("T")


def at_once(step: Callable[P, T]) -> Callable[P, Asking[T]]:
    """A step that asks the world nothing, in the shape of one that may."""

    def asking(*args: P.args, **kwargs: P.kwargs) -> Asking[T]:
        yield from ()  # What makes it a generator; there is nothing to ask.
        return step(*args, **kwargs)

    return asking


@dataclass(frozen=True, slots=True)
class StepTable:
    enter: Callable[[Context, Run], Asking[Entered]]
    take: Callable[[Context, Run, Turn], Asking[Taken]]


@dataclass(frozen=True, slots=True)
class Flow:
    """`start` turns the words of `#lam <flow> word…` into first slots, and names the first step."""

    name: str
    steps: Mapping[str, StepTable]
    first: str
    start: Callable[[tuple[str, ...]], tuple[str, Mapping[str, str]]] | None = None


def begin(flow: Flow, before: Conversation, ctx: Context, words: tuple[str, ...] = ()) -> Asking[Decision]:
    """Start an errand; one that was under way is left."""
    step, slots = flow.start(words) if flow.start else (flow.first, {})
    run = Run(
        flow=flow.name, step=step, slots=dict(slots), version=ctx.content.version, began_at=ctx.now, touched_at=ctx.now
    )
    left: tuple[Do, ...] = (EndErrand(before.run.flow, "abandoned"),) if before.run else ()
    decision = yield from _follow(flow, before.model_copy(update={"run": run, "misses": 0}), ctx, Go(step, slots), ())
    return Decision(decision.after, (*left, *decision.do))


def take(flow: Flow, before: Conversation, run: Run, ctx: Context, turn: Turn) -> Asking[Decision | NotMine | Unfit]:
    """An answer to the step under way."""
    run = run.model_copy(update={"touched_at": ctx.now, "reminded": False})
    taken = yield from flow.steps[run.step].take(ctx, run, turn)
    match taken:
        case NotMine():
            return taken
        case Again(said):
            return Unfit(_again(before, run, ctx, said))
        case Wait() | Go() | Done():
            trail = (*run.trail, Step(name=run.step, slots=run.slots))[-TRAIL:] if isinstance(taken, Go) else run.trail
            run = run.model_copy(update={"tries": 0, "trail": trail})
            return (yield from _follow(flow, before.model_copy(update={"run": run}), ctx, taken, ()))


def back(flow: Flow, before: Conversation, run: Run, ctx: Context) -> Asking[Decision]:
    """To the step before, with what was known then; at the first step it is asked again."""
    step = run.trail[-1] if run.trail else Step(name=run.step, slots=run.slots)
    run = run.model_copy(update={"trail": run.trail[:-1], "tries": 0, "touched_at": ctx.now, "slots": step.slots})
    return (yield from _follow(flow, before.model_copy(update={"run": run}), ctx, Go(step.name), ()))


def ask_again(flow: Flow, before: Conversation, run: Run, ctx: Context, said: tuple[Part, ...]) -> Asking[Decision]:
    """After a digression or a pause: `said`, and then the step's own question."""
    run = run.model_copy(update={"touched_at": ctx.now})
    return (yield from _follow(flow, before.model_copy(update={"run": run}), ctx, Go(run.step), said))


def cancel(before: Conversation, run: Run, ctx: Context) -> Decision:
    said = parts(ctx.text("common.cancelled", flow=FLOWS[run.flow]), [tap(ctx.text("button.menu"), "#menu")])
    return Decision(before.model_copy(update={"run": None}), (Say("errand", said), EndErrand(run.flow, "cancelled")))


def _again(before: Conversation, run: Run, ctx: Context, said: tuple[Part, ...]) -> Decision:
    tries = run.tries + 1
    if tries < TRIES:
        return Decision(
            before.model_copy(update={"run": run.model_copy(update={"tries": tries})}), (Say("errand", said),)
        )
    buttons = [tap(ctx.text("button.officer"), "#canbo"), tap(ctx.text("button.menu"), "#menu")]
    sorry = parts(ctx.text("officer.offer"), buttons)
    return Decision(before.model_copy(update={"run": None}), (Say("errand", sorry), EndErrand(run.flow, "refused")))


def _follow(
    flow: Flow, before: Conversation, ctx: Context, first: Wait | Go | Done, said: tuple[Part, ...]
) -> Asking[Decision]:
    outcome: Wait | Go | Done = first
    run = before.run
    for _ in range(MOVES):
        if run is None:
            break
        match outcome:
            case Go(step, slots, before_it, changes):
                before = before.model_copy(update=changes)
                run = run.model_copy(update={"step": step, "slots": {**run.slots, **slots}})
                said = (*said, *before_it)
                outcome = yield from flow.steps[step].enter(ctx, run)
            case Wait(words, slots):
                run = run.model_copy(update={"slots": {**run.slots, **slots}})
                return Decision(before.model_copy(update={"run": run}), (Say("errand", (*said, *words)),))
            case Done(words, ending, changes, do):
                after = before.model_copy(update={"run": None, **changes})
                spoken = (*said, *words)
                telling: tuple[Do, ...] = (Say("errand", spoken),) if spoken else ()
                return Decision(after, (*telling, *do, EndErrand(run.flow, ending)))
    raise RuntimeError(f"the steps of {flow.name} go in circles")


def picked(turn: Turn) -> str | None:
    """What was chosen with a button of this flow, as in `#chon value`."""
    told = command(turn.text)
    return " ".join(told.words) if told is not None and told.verb == "chon" else None
