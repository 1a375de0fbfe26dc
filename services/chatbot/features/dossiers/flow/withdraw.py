"""Withdraw a dossier: warned, a reason, confirmed once more; entered into its history, for an officer to carry out."""

from chassis.codes import readable_code
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.parsing import yes_or_no
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Finish,
    Flow,
    GoTo,
    HandleResult,
    PromptResult,
    Retry,
    Step,
    picked,
    pure,
    unavailable,
    yes_no_buttons,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.dossiers.effects import (
    OPEN,
    Dossier,
    FileRequest,
    HistoryEntry,
    PendingRequests,
)
from services.chatbot.features.dossiers.flow.choice import CHOICE_STEPS, start_with_code
from services.chatbot.features.dossiers.flow.proof import proof_steps
from services.chatbot.features.dossiers.flow.stage import dossier_in_stage

_MAX_REASON = 300  # Characters kept.
_MIN_REASON = 4


def _withdrawable(ctx: Context, flow_state: FlowState) -> EffectProcess[Dossier | PromptResult]:
    return dossier_in_stage(ctx, flow_state, OPEN, "withdraw.too_late")


def _prompt_warning(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    dossier = yield from _withdrawable(ctx, flow_state)
    if not isinstance(dossier, Dossier):
        return dossier
    pending = yield from perform(PendingRequests(dossier.code))
    if isinstance(pending, Unavailable):
        return unavailable(ctx)
    if "withdraw" in pending:
        return Finish(ctx.say("withdraw.exists", ctx.menu_button, code=dossier.code), "refused")
    return Ask(ctx.say("withdraw.warn", *yes_no_buttons(ctx), code=dossier.code))


def _handle_warning(ctx: Context, flow_state: FlowState, turn: Turn) -> HandleResult:
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Retry(ctx.say("common.yes_or_no"))
    return GoTo("reason") if answer else _not_withdrawn(ctx, flow_state)


def _not_withdrawn(ctx: Context, flow_state: FlowState) -> Finish:
    buttons = [tap(ctx.text("button.whole"), f"#lam f_ho_so {flow_state.slots['code']}"), ctx.menu_button]
    return Finish(ctx.say("withdraw.kept", *buttons, code=flow_state.slots["code"]), "cancelled")


def _prompt_reason(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("withdraw.ask_reason"))


def _handle_reason(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    reason = " ".join(turn.text.split())[:_MAX_REASON]
    usable = len(reason) >= _MIN_REASON and not reason.startswith("#")
    return GoTo("confirm", {"reason": reason}) if usable else Retry(ctx.say("withdraw.ask_reason"))


def _prompt_confirm(ctx: Context, flow_state: FlowState) -> PromptResult:
    text = ctx.text("withdraw.confirm", code=flow_state.slots["code"], reason=flow_state.slots["reason"])
    return Ask(compose(text, yes_no_buttons(ctx)))


def _handle_confirm(ctx: Context, flow_state: FlowState, turn: Turn) -> HandleResult:
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Retry(ctx.say("common.yes_or_no"))
    return GoTo("done") if answer else _not_withdrawn(ctx, flow_state)


def _file_request(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    """Looked at once more: the dossier may have moved on, or the half hour may be over."""
    dossier = yield from _withdrawable(ctx, flow_state)
    if not isinstance(dossier, Dossier):
        return dossier
    request = ctx.id_for("withdraw")
    entry = HistoryEntry(request, ctx.now, "withdraw", "citizen", (("reason", flow_state.slots["reason"]),))
    is_filed = yield from perform(FileRequest(dossier.code, entry))
    if isinstance(is_filed, Unavailable):
        return unavailable(ctx)
    if not is_filed:
        return Finish(ctx.say("withdraw.exists", ctx.menu_button, code=dossier.code), "refused")
    return Finish(
        ctx.say("withdraw.done", ctx.menu_button, code=dossier.code, receipt=readable_code("RH", request.int))
    )


WITHDRAW = Flow(
    "f_rut_ho_so",
    {
        **CHOICE_STEPS,
        **proof_steps("warn"),
        "warn": Step(_prompt_warning, pure(_handle_warning)),
        "reason": Step(pure(_prompt_reason), pure(_handle_reason)),
        "confirm": Step(pure(_prompt_confirm), pure(_handle_confirm)),
        "done": Step(_file_request, pure(_handle_confirm)),
    },
    "begin",
    start_with_code,
)
