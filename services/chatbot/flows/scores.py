"""Exam scores by candidate number. On the day they are published everybody asks at once: one question, one look-up."""

from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.context import Context
from services.chatbot.flows.kit import Again, Done, Entered, Flow, Go, NotMine, StepTable, Taken, Wait, at_once
from services.chatbot.lookup import origin
from services.chatbot.scores import DIGITS, FindScore, Score, ScoresNamed, read_number
from services.chatbot.speech import bullets, parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn


def _ask(ctx: Context, run: Run) -> Entered:
    if run.slots.get("number"):
        return Go("name")
    return Wait(parts(ctx.text("score.ask_number", digits=DIGITS)))


def _asked(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    number = read_number(turn.text)
    if number is not None:
        return Go("name", {"number": number})
    return (
        Again(parts(ctx.text("score.bad_number", digits=DIGITS))) if any(c.isdigit() for c in turn.text) else NotMine()
    )


def _name(ctx: Context, run: Run) -> Asking[Entered]:  # noqa: ARG001 — a step's shape.
    named = yield from ask(ScoresNamed())
    return Wait(parts(ctx.text("score.ask_name"))) if named is True else Go("result")


def _named(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    name = " ".join(turn.text.split())[:80]
    return Go("result", {"name": name}) if name else Again(parts(ctx.text("score.ask_name")))


def _result(ctx: Context, run: Run) -> Asking[Entered]:
    found = yield from ask(FindScore(run.slots["number"], run.slots.get("name", "")))
    again = [tap(ctx.text("button.other"), "#lam f_diem_thi"), tap(ctx.text("button.menu"), "#menu")]
    if isinstance(found, Unavailable):
        return Done(parts(ctx.text("common.unavailable"), again), "refused")
    if found is None:
        return Done(parts(ctx.text("score.not_found"), again), "refused")
    told = _told(ctx, run.slots["number"], found.value)
    return Done(parts(f"{told}\n\n{origin(ctx, found.source, found.as_of, stale=found.stale)}", again))


def _told(ctx: Context, number: str, score: Score) -> str:
    if not score.marks:
        return ctx.text("score.absent")
    marks = bullets(f"{subject}: {mark:g}".replace(".", ",") for subject, mark in score.marks.items())
    return ctx.text("score.result", exam=score.exam, number=number, scores=marks)


def _start(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    number = read_number(words[0]) if words else None
    return ("name", {"number": number}) if number else ("ask", {})


SCORES = Flow(
    "f_diem_thi",
    {
        "ask": StepTable(at_once(_ask), at_once(_asked)),
        "name": StepTable(_name, at_once(_named)),
        "result": StepTable(_result, at_once(_asked)),
    },
    "ask",
    _start,
)
