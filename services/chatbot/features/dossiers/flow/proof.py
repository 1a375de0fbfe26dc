"""The step-up before anything personal: dossier code and birthday, once in half an hour; and what comes right after it.

A proof is kept in the conversation (`known`) with its end; what an errand carries along has the same end, so an errand that was
left for a day asks again.
"""

from collections.abc import Mapping
from datetime import datetime

from chassis.clock import VIETNAM
from contracts.text import has_digit
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import compose
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Finish,
    GoTo,
    HandleResult,
    NotHandled,
    PromptResult,
    Retry,
    Step,
    pure,
    unavailable,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.dossiers.effects import (
    EXAMPLE,
    IDENTITY_DIGITS,
    PROOF_LIFETIME,
    Dossier,
    FindDossier,
    ProveDossier,
    Proven,
)
from services.chatbot.features.dossiers.parsing import is_year, read_birthday, read_code, read_more
from services.chatbot.lookups.result import Locked, LookupResult


def valid_proof(ctx: Context, flow_state: FlowState) -> Mapping[str, str]:
    """What was proven in this conversation within the last half hour; empty when nothing was."""
    for proof in (flow_state.slots, ctx.proof):
        until = proof.get("until")
        if until and ctx.now < datetime.fromisoformat(until):
            return proof
    return {}


def proven(ctx: Context, flow_state: FlowState) -> str | None:
    """The applicant who has proven themselves, for the dossiers whose codes they know."""
    return valid_proof(ctx, flow_state).get("applicant")


def owned_dossier(ctx: Context, flow_state: FlowState) -> EffectProcess[LookupResult[Dossier] | PromptResult]:
    """The dossier under way, if it is the proven person's; otherwise where to go from here. Asked at every step that acts."""
    applicant = proven(ctx, flow_state)
    if applicant is None:
        return GoTo("birthday" if flow_state.slots.get("code") else "code")
    result = yield from perform(FindDossier(flow_state.slots["code"], applicant))
    if isinstance(result, Unavailable):
        return unavailable(ctx)
    return GoTo("birthday") if result is None else result


def proof_steps(next_step: str) -> dict[str, Step]:
    """The steps of the step-up; `then` is entered once it is passed."""

    def prompt_look(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
        result = yield from owned_dossier(ctx, flow_state)
        return GoTo(next_step) if isinstance(result, LookupResult) else result

    def handle_birthday(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
        return (yield from _handle_birthday(ctx, flow_state, turn, next_step))

    def handle_more(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
        return (yield from _handle_more(ctx, flow_state, turn, next_step))

    return {
        "code": Step(pure(_prompt_code), pure(handle_code)),
        "look": Step(prompt_look, pure(handle_code)),
        "birthday": Step(pure(_prompt_birthday), handle_birthday),
        "more": Step(pure(_prompt_more), handle_more),
    }


def _prompt_code(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("dossier.ask_code", example=EXAMPLE))


def handle_code(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    code = read_code(turn.text)
    if code is not None:
        return GoTo("look", {"code": code})
    digits = has_digit(turn.text)
    return Retry(ctx.say("dossier.bad_code", example=EXAMPLE)) if digits else NotHandled()


def _prompt_birthday(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(compose(f"{ctx.text('stepup.why')}\n{ctx.text('stepup.ask_birthday')}"))


def _handle_birthday(ctx: Context, flow_state: FlowState, turn: Turn, next_step: str) -> EffectProcess[HandleResult]:
    other_code = read_code(turn.text)
    if other_code is not None:
        return GoTo("look", {"code": other_code})  # A second thought about which dossier it is.
    birthday = read_birthday(turn.text, ctx.now.astimezone(VIETNAM).date())
    if birthday is None:
        return Retry(ctx.say("stepup.bad_birthday")) if has_digit(turn.text) else NotHandled()
    if is_year(birthday):
        return GoTo("more", {"year": birthday})
    return (yield from _prove(ctx, flow_state, next_step, birthday))


def _prompt_more(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("stepup.ask_more", digits=IDENTITY_DIGITS))


def _handle_more(ctx: Context, flow_state: FlowState, turn: Turn, next_step: str) -> EffectProcess[HandleResult]:
    other_code = read_code(turn.text)
    if other_code is not None:
        return GoTo("look", {"code": other_code})
    more = read_more(turn.text)
    if more is None:
        return Retry(ctx.say("stepup.bad_more", digits=IDENTITY_DIGITS))
    return (yield from _prove(ctx, flow_state, next_step, flow_state.slots["year"], more))


def _prove(
    ctx: Context, flow_state: FlowState, next_step: str, birthday: str, more: str = ""
) -> EffectProcess[HandleResult]:
    code = flow_state.slots["code"]
    result = yield from perform(
        ProveDossier(str(ctx.id_for("proof")), ctx.conversation, ctx.person, code, birthday, more)
    )
    if not isinstance(result, Proven):
        return refused(ctx, result, "stepup.no_match")
    proof = {"applicant": result.applicant, "until": (ctx.now + PROOF_LIFETIME).isoformat(), "identified": ""}
    message = ctx.say("stepup.passed", minutes=int(PROOF_LIFETIME.total_seconds() // 60))
    return GoTo(next_step, proof, message, {"known": {**ctx.proof, **proof}})


def refused(ctx: Context, result: Unavailable | Locked | None, no_match: str) -> HandleResult:
    if isinstance(result, Unavailable):
        return unavailable(ctx)
    if isinstance(result, Locked):
        return Finish(ctx.say("stepup.locked", ctx.menu_button, minutes=result.minutes), "refused")
    return Retry(ctx.say(no_match))
