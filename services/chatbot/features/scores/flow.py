"""Exam scores by candidate number. On the day they are published everybody asks at once: one question, one look-up."""

from contracts.text import has_digit
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import bullets, compose, tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Finish,
    Flow,
    GoTo,
    HandleResult,
    NotHandled,
    Opening,
    PromptResult,
    Retry,
    Step,
    opening_with,
    pure,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.scores.effects import DIGITS, FindScore, Missed, Score, ScoresHaveNames, read_number
from services.chatbot.lookups.result import source_line

_NO_MARK = {Missed.ABSENT: "score.absent_mark", Missed.EXEMPT: "score.exempt_mark"}


def _prompt_number(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("score.ask_number", digits=DIGITS))


def _handle_number(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    number = read_number(turn.text)
    if number is not None:
        return GoTo("name", {"number": number})
    return Retry(ctx.say("score.bad_number", digits=DIGITS)) if has_digit(turn.text) else NotHandled()


def _prompt_name(ctx: Context, _flow_state: FlowState) -> EffectProcess[PromptResult]:
    has_names = yield from perform(ScoresHaveNames())
    return Ask(ctx.say("score.ask_name")) if has_names is True else GoTo("result")


def _handle_name(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    name = " ".join(turn.text.split())[:80]
    return GoTo("result", {"name": name}) if name else Retry(ctx.say("score.ask_name"))


def _prompt_result(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    result = yield from perform(FindScore(flow_state.slots["number"], flow_state.slots.get("name", "")))
    buttons = [tap(ctx.text("button.other"), "#lam f_diem_thi"), ctx.menu_button]
    if isinstance(result, Unavailable):
        return Finish(ctx.say("common.unavailable", *buttons), "refused")
    if result is None:
        return Finish(ctx.say("score.not_found", *buttons), "refused")
    text = _score_text(ctx, flow_state.slots["number"], result.value)
    return Finish(compose(f"{text}\n\n{source_line(ctx, result.source, result.as_of, stale=result.stale)}", buttons))


def _score_text(ctx: Context, number: str, score: Score) -> str:
    if not score.marks:
        return ctx.text("score.absent")
    marks = bullets(f"{subject}: {_mark_text(ctx, mark)}" for subject, mark in score.marks.items())
    return ctx.text("score.result", exam=score.exam, number=number, scores=marks)


def _mark_text(ctx: Context, mark: float | Missed) -> str:
    return ctx.text(_NO_MARK[mark]) if isinstance(mark, Missed) else f"{mark:g}".replace(".", ",")


def _start(_ctx: Context, words: tuple[str, ...]) -> Opening | None:
    return opening_with(words, "number", read_number, without="ask", then="name")


SCORES = Flow(
    "f_diem_thi",
    {
        "ask": Step(pure(_prompt_number), pure(_handle_number)),
        "name": Step(_prompt_name, pure(_handle_name)),
        "result": Step(_prompt_result, pure(_handle_number)),
    },
    "ask",
    _start,
    begins_with="candidate",
    surveyed=False,  # Everybody asks within the hour of their publication, and wants nothing else.
)
FLOWS = (SCORES,)
