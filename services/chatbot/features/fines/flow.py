"""Traffic fines: plate, kind of vehicle, proof; then what is still open, where it is dealt with, and a warning of swindlers."""

from chassis.clock import VIETNAM
from contracts.text import has_digit
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import compose, tap
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
    picked,
    pure,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.fines.effects import (
    PROOF_DIGITS,
    FindFines,
    Offence,
    format_plate,
    read_kind,
    read_plate,
    read_proof,
)
from services.chatbot.lookups.result import Locked, source_line

EXAMPLE = "51F-123.45"
_KINDS = {"oto": "button.car", "xe_may": "button.motorcycle", "xe_dien": "button.electric"}


def _prompt_plate(ctx: Context, flow_state: FlowState) -> PromptResult:
    return GoTo("kind") if flow_state.slots.get("plate") else Ask(ctx.say("fine.ask_plate", example=EXAMPLE))


def _handle_plate(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    plate = read_plate(turn.text)
    if plate is not None:
        return GoTo("kind", {"plate": plate})
    return Retry(ctx.say("fine.bad_plate", example=EXAMPLE)) if has_digit(turn.text) else NotHandled()


def _prompt_kind(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("fine.ask_kind", *(tap(ctx.text(title), f"#chon {kind}") for kind, title in _KINDS.items())))


def _handle_kind(_ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    kind = picked(turn) or read_kind(turn.text)
    return GoTo("proof", {"kind": kind}) if kind and kind in _KINDS else NotHandled()


def _prompt_proof(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("fine.ask_proof", digits=PROOF_DIGITS))


def _handle_proof(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    proof = read_proof(turn.text)
    if proof is None:
        return Retry(ctx.say("fine.bad_proof", digits=PROOF_DIGITS))
    query = FindFines(
        str(ctx.id_for("fines")),
        ctx.conversation,
        ctx.person,
        flow_state.slots["plate"],
        proof,
        flow_state.slots["kind"],
    )
    result = yield from perform(query)
    buttons = [tap(ctx.text("button.other"), "#lam f_phat_nguoi"), ctx.menu_button]
    if isinstance(result, Unavailable):
        return Finish(ctx.say("common.unavailable", *buttons), "refused")
    if isinstance(result, Locked):
        return Finish(ctx.say("common.attempts_exceeded", *buttons, minutes=result.minutes), "refused")
    if result is None or not result.value:
        when = f"{ctx.now.astimezone(VIETNAM):%d/%m/%Y}"
        return Finish(ctx.say("fine.none", *buttons, when=when))
    when = f"{result.as_of.astimezone(VIETNAM):%d/%m/%Y}"
    entries = "\n".join(_offence_text(ctx, offence) for offence in result.value)
    text = ctx.text(
        "fine.found", plate=format_plate(flow_state.slots["plate"]), count=len(result.value), list=entries, when=when
    )
    source_text = source_line(ctx, result.source, result.as_of, stale=result.stale)
    return Finish(compose(f"{text}\n\n{ctx.text('fine.pay')}\n\n{source_text}", buttons))


def _offence_text(ctx: Context, offence: Offence) -> str:
    return ctx.text(
        "fine.entry",
        time=offence.time,
        offence=offence.offence,
        place=offence.place,
        unit=offence.unit,
        phone=offence.phone,
    )


def _start(_ctx: Context, words: tuple[str, ...]) -> Opening | None:
    return opening_with(words, "plate", read_plate, without="plate", then="plate")


FINES = Flow(
    "f_phat_nguoi",
    {
        "plate": Step(pure(_prompt_plate), pure(_handle_plate)),
        "kind": Step(pure(_prompt_kind), pure(_handle_kind)),
        "proof": Step(pure(_prompt_proof), _handle_proof),
    },
    "plate",
    _start,
    begins_with="plate",
)
FLOWS = (FINES,)
