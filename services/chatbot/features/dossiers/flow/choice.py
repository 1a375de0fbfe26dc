"""Which dossier an errand is about: typed as a code, or chosen among all of a person's by who has shown who they are.

A slip tells its finder code and birthday: they open that dossier. The list of all asks for the end of the identity number too.
"""

from collections.abc import Sequence

from contracts.message import Button
from contracts.text import has_digit, read_number
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import compose, numbered, tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    GoTo,
    HandleResult,
    NotHandled,
    Opening,
    PromptResult,
    Retry,
    Step,
    opening_with,
    page_of,
    picked,
    pure,
    unavailable,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.dossiers.effects import (
    IDENTITY_DIGITS,
    STAGES,
    Dossier,
    MyDossiers,
    ProveIdentity,
    Proven,
)
from services.chatbot.features.dossiers.flow.proof import handle_code, proven, refused, valid_proof
from services.chatbot.features.dossiers.parsing import read_code, read_identity_end
from services.chatbot.lookups.result import LookupResult, source_line

MAX_SHOWN = 4
MAX_LISTED = 20
_PLACE_DIGITS = 3  # Of a place in the list; a longer number is a code.
MORE_CHOICE = "them"


def prompt_begin(ctx: Context, flow_state: FlowState) -> PromptResult:
    """Who has shown who they are chooses among their own; who has not is asked for a code."""
    if flow_state.slots.get("code"):
        return GoTo("look")
    return GoTo("which") if valid_proof(ctx, flow_state).get("identified") else GoTo("code")


def prompt_which(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    """The proven person's dossiers, to choose from: for who knows more of them than stands on a slip."""
    if not valid_proof(ctx, flow_state).get("identified"):
        return GoTo("identity" if proven(ctx, flow_state) else "code")
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


def _prompt_identity(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("stepup.ask_identity", digits=IDENTITY_DIGITS))


def _handle_identity(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    code, proof = read_code(turn.text), valid_proof(ctx, flow_state)
    if code is not None or not proof:
        return GoTo("look", {"code": code}) if code else GoTo("code")
    digits = read_identity_end(turn.text)
    if digits is None:
        return Retry(ctx.say("stepup.bad_identity", digits=IDENTITY_DIGITS)) if has_digit(turn.text) else NotHandled()
    applicant = proof["applicant"]
    result = yield from perform(
        ProveIdentity(str(ctx.id_for("identity")), ctx.conversation, ctx.person, applicant, digits)
    )
    if not isinstance(result, Proven):
        return refused(ctx, result, "stepup.no_identity")
    whole = {"applicant": applicant, "until": proof["until"], "identified": "yes"}
    return GoTo("which", whole, changes={"known": {**ctx.proof, **whole}})


CHOICE_STEPS = {
    "begin": Step(pure(prompt_begin), pure(handle_code)),
    "identity": Step(pure(_prompt_identity), _handle_identity),
    "which": Step(prompt_which, handle_which),
}


def start_with_code(_ctx: Context, words: tuple[str, ...]) -> Opening | None:
    """From `#lam <flow> [code]`."""
    return opening_with(words, "code", read_code, without="begin", then="begin")
