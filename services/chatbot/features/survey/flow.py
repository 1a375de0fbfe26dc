"""The satisfaction survey: one to five stars, and a comment if wanted. After an errand, at most once a month."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from contracts.message import MessagePart
from contracts.text import fold
from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.dialogue.actions import Decision, EndFlow, Reply, ReportSurvey
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, perform
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Finish,
    Flow,
    GoTo,
    HandleResult,
    Opening,
    PromptResult,
    Retry,
    Step,
    picked,
    pure,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.survey.effects import FileSurvey

SURVEY_INTERVAL = timedelta(days=30)
STARS = ("1", "2", "3", "4", "5")
PERIOD = "period"  # Asked about the OA as a whole, not about one errand.
MAX_WORDS = 1_000  # Characters kept.
ENOUGH_ANSWERS = 12  # Answers after which somebody can judge the OA as a whole.
_LOW_STARS = 2  # Up to here we ask what went wrong.


def with_survey(decision: Decision, ctx: Context, flows: Mapping[str, Flow]) -> Decision:
    """After an errand well ended, or after some answers: five buttons under the last words; then not again for a month."""
    reply = next((action for action in decision.actions if isinstance(action, Reply)), None)
    answered = reply is not None and reply.outcome == "answer"
    state = decision.state.evolve(answers=decision.state.answers + 1) if answered else decision.state
    surveyed_at = state.surveyed_at
    is_recent = surveyed_at is not None and ctx.now - surveyed_at < SURVEY_INTERVAL
    subject = _about(decision, state.answers if answered else 0, flows)
    if reply is None or subject is None or is_recent or state.run is not None or "f_khao_sat" not in ctx.pack.flows:
        return replace(decision, state=state)  # Where a flow waits it is asked later.
    text = ctx.text("survey.ask_period", oa=ctx.oa.name) if subject == PERIOD else ctx.text("survey.ask")
    extended = replace(reply, parts=(*reply.parts, *_stars_part(subject, text)))
    actions = tuple(extended if action is reply else action for action in decision.actions)
    return Decision(state.evolve(surveyed_at=ctx.now, answers=0), actions)


def _about(decision: Decision, answers: int, flows: Mapping[str, Flow]) -> str | None:
    """The errand that ended well; or the OA as a whole, for who has asked it often enough to judge."""
    ending = next((action for action in decision.actions if isinstance(action, EndFlow)), None)
    if ending is not None and ending.ending == "done" and flows[ending.flow].surveyed:
        return ending.flow
    return PERIOD if answers >= ENOUGH_ANSWERS else None


def _stars_part(flow: str, text: str) -> tuple[MessagePart, ...]:
    return compose(text, [tap(stars, f"#lam f_khao_sat {flow} {stars}") for stars in STARS])


def _prompt_stars(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("survey.ask_period", *(tap(stars, f"#chon {stars}") for stars in STARS), oa=ctx.oa.name))


def _handle_stars(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    answer = picked(turn) or turn.text.strip(" .⭐")
    if answer in STARS:
        return GoTo("words", {"stars": answer})
    if fold(turn.text) in {"khong hoi nua", "dung hoi nua"}:
        return Finish(ctx.say("survey.no_more"), "cancelled", {"surveyed_at": ctx.now + timedelta(days=3_650)})
    return Retry(ctx.say("survey.bad", *(tap(stars, f"#chon {stars}") for stars in STARS)))


def _prompt_words(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    """The stars count at once: most people leave here."""
    flow, stars = flow_state.slots.get("errand", PERIOD), _stars(flow_state)
    yield from perform(FileSurvey(ctx.id_for("survey"), ctx.oa.oa_id, flow, stars, ctx.now))
    key = "survey.ask_why" if stars <= _LOW_STARS else "survey.ask_words"
    return Ask(ctx.say(key, tap(ctx.text("button.skip"), "#chon bo_qua")), {"id": str(ctx.id_for("survey"))})


def _handle_words(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    flow, stars = flow_state.slots.get("errand", PERIOD), _stars(flow_state)
    if picked(turn) == "bo_qua":
        return Finish(ctx.say("survey.skipped"), changes={"surveyed_at": ctx.now}, actions=(ReportSurvey(flow, stars),))
    words = turn.text[:MAX_WORDS]
    yield from perform(FileSurvey(UUID(flow_state.slots["id"]), ctx.oa.oa_id, flow, stars, ctx.now, words))
    message = ctx.say("survey.thanks", oa=ctx.oa.name)
    return Finish(message, changes={"surveyed_at": ctx.now}, actions=(ReportSurvey(flow, stars, words),))


def _stars(flow_state: FlowState) -> int:
    return STARS.index(flow_state.slots["stars"]) + 1


def _start(_ctx: Context, words: tuple[str, ...]) -> Opening | None:
    """`errand stars`, from the buttons under an errand's last message."""
    match words:
        case ():
            return "stars", {}
        case (errand, stars) if stars in STARS and (errand == PERIOD or errand in FLOW_TITLES):
            return "words", {"errand": errand, "stars": stars}
        case _:
            return None


SURVEY = Flow(
    "f_khao_sat",
    {"stars": Step(pure(_prompt_stars), pure(_handle_stars)), "words": Step(_prompt_words, _handle_words)},
    "stars",
    _start,
    free_worded=True,
    surveyed=False,
)
FLOWS = (SURVEY,)
