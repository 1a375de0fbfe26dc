"""The step-up before anything personal: dossier code and birthday, once in half an hour; and what comes right after it.

A proof is kept in the conversation (`known`) with its end; what an errand carries along has the same end, so an errand that was
left for a day asks again.
"""

from collections.abc import Sequence
from datetime import datetime

from chassis.clock import VIETNAM
from contracts.message import Button
from contracts.text import has_digit, read_number
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import compose, numbered, tap
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
    page_of,
    picked,
    pure,
    unavailable,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.dossiers.effects import (
    EXAMPLE,
    PROOF_LIFETIME,
    STAGES,
    Dossier,
    FindDossier,
    MyDossiers,
    ProveDossier,
)
from services.chatbot.features.dossiers.parsing import read_birthday, read_code
from services.chatbot.lookups.result import Locked, LookupResult, source_line

MAX_SHOWN = 4
MAX_LISTED = 20
_PLACE_DIGITS = 3  # Of a place in the list; a longer number is a code.
MORE_CHOICE = "them"


def proven(ctx: Context, flow_state: FlowState) -> str | None:
    """The applicant who has proven themselves in this conversation within the last half hour."""
    for proof in (flow_state.slots, ctx.proof):
        until = proof.get("until")
        if until and ctx.now < datetime.fromisoformat(until):
            return proof.get("applicant")
    return None


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

    return {
        "code": Step(pure(_prompt_code), pure(_handle_code)),
        "look": Step(prompt_look, pure(_handle_code)),
        "birthday": Step(pure(_prompt_birthday), handle_birthday),
    }


def _prompt_code(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("dossier.ask_code", example=EXAMPLE))


def _handle_code(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
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
        digits = has_digit(turn.text)
        return Retry(ctx.say("stepup.bad_birthday")) if digits else NotHandled()
    proven_person = yield from perform(
        ProveDossier(str(ctx.id_for("proof")), ctx.conversation, ctx.person, flow_state.slots["code"], birthday)
    )
    if isinstance(proven_person, Unavailable):
        return unavailable(ctx)
    if isinstance(proven_person, Locked):
        return Finish(ctx.say("stepup.locked", ctx.menu_button, minutes=proven_person.minutes), "refused")
    if proven_person is None:
        return Retry(ctx.say("stepup.no_match"))
    proof = {"applicant": proven_person.applicant, "until": (ctx.now + PROOF_LIFETIME).isoformat()}
    message = ctx.say("stepup.passed", minutes=int(PROOF_LIFETIME.total_seconds() // 60))
    return GoTo(next_step, proof, message, {"known": {**ctx.proof, **proof}})


def prompt_begin(ctx: Context, flow_state: FlowState) -> PromptResult:
    """Who has proven themselves chooses among their own; who has not is asked for a code."""
    if flow_state.slots.get("code"):
        return GoTo("look")
    return GoTo("which") if proven(ctx, flow_state) else GoTo("code")


def prompt_which(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    """The proven person's dossiers, to choose from."""
    result = yield from _own_dossiers(ctx, flow_state)
    if isinstance(result, Unavailable):
        return unavailable(ctx)
    if result is None or not result.value:
        return GoTo("code", parts=ctx.say("dossier.mine_empty"))
    dossiers = result.value
    page = page_of(flow_state) % max(1, -(-len(dossiers) // MAX_SHOWN))
    text = f"{dossier_list(ctx, dossiers)}\n\n{source_line(ctx, result.source, result.as_of, stale=result.stale)}"
    return Ask(compose(f"{text}\n\n{ctx.text('dossier.choose')}", _choices(ctx, dossiers, page)))


def dossier_list(ctx: Context, dossiers: Sequence[Dossier]) -> str:
    """With numbers to answer by; a long list ends with how many more there are."""
    lines = numbered(
        f"{dossier.code}: {dossier.procedure} ({STAGES[dossier.stage]})" for dossier in dossiers[:MAX_LISTED]
    )
    text = ctx.text("dossier.mine", list=lines)
    return (
        f"{text}\n{ctx.text('dossier.mine_more', more=len(dossiers) - MAX_LISTED)}"
        if len(dossiers) > MAX_LISTED
        else text
    )


def _choices(ctx: Context, dossiers: Sequence[Dossier], page: int) -> list[Button]:
    buttons = [
        tap(dossier.code, f"#chon {dossier.code}") for dossier in dossiers[page * MAX_SHOWN : (page + 1) * MAX_SHOWN]
    ]
    return [*buttons, tap(ctx.text("button.more"), f"#chon {MORE_CHOICE}")] if len(dossiers) > MAX_SHOWN else buttons


def _own_dossiers(
    ctx: Context, flow_state: FlowState
) -> EffectProcess[LookupResult[tuple[Dossier, ...]] | Unavailable | None]:
    applicant = proven(ctx, flow_state)
    return (yield from perform(MyDossiers(applicant))) if applicant else None


def handle_which(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    """By button, by number in the list, or by a code as typed: also one that another birthday belongs to."""
    chosen = picked(turn) or turn.text
    if chosen == MORE_CHOICE:
        return GoTo("which", {"page": str(page_of(flow_state) + 1)})
    place = read_number(chosen.strip(" .)"), _PLACE_DIGITS)
    if place is not None:
        result = yield from _own_dossiers(ctx, flow_state)
        if isinstance(result, Unavailable):
            return unavailable(ctx)
        dossiers, index = result.value if result else (), place - 1
        if 0 <= index < len(dossiers):
            return GoTo("look", {"code": dossiers[index].code})
        return Retry(ctx.say("common.pick_number", last=len(dossiers)))
    code = read_code(chosen)
    return GoTo("look", {"code": code}) if code else NotHandled()


CHOICE_STEPS = {"begin": Step(pure(prompt_begin), pure(_handle_code)), "which": Step(prompt_which, handle_which)}


def start_with_code(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """From `#lam <flow> <code>`."""
    code = read_code(words[0]) if words else None
    return "begin", {"code": code} if code else {}
