"""Have a result sent by post: to whom, where, confirmed; entered into the dossier's history, which officers see."""

import re

from chassis.codes import readable_code
from contracts.text import has_digit
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import tap
from services.chatbot.dialogue.parsing import yes_or_no
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Finish,
    Flow,
    GoTo,
    HandleResult,
    NotHandled,
    PromptResult,
    Retry,
    Step,
    picked,
    pure,
    unavailable,
    yes_no_buttons,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.dossiers.effects import AWAITED, Dossier, FileRequest, HistoryEntry, PendingRequests
from services.chatbot.features.dossiers.flow.choice import CHOICE_STEPS, start_with_code
from services.chatbot.features.dossiers.flow.proof import proof_steps
from services.chatbot.features.dossiers.flow.stage import dossier_in_stage

_PHONE = re.compile(r"0\d{9}", re.ASCII)
_MIN_ADDRESS = 12


def _postable(ctx: Context, flow_state: FlowState) -> EffectProcess[Dossier | PromptResult]:
    return dossier_in_stage(ctx, flow_state, AWAITED, "post.too_late")


def _prompt_existing(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    dossier = yield from _postable(ctx, flow_state)
    if not isinstance(dossier, Dossier):
        return dossier
    code = dossier.code
    pending = yield from perform(PendingRequests(code))
    if isinstance(pending, Unavailable):
        return unavailable(ctx)
    if "post" in pending:
        buttons = yes_no_buttons(ctx)
        return Ask(ctx.say("post.exists", *buttons, code=code))
    return GoTo("name", parts=ctx.say("post.intro", code=code))


def _handle_existing(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    """Only who has registered before is asked anything here: another address, or not."""
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Retry(ctx.say("common.yes_or_no"))
    return GoTo("name") if answer else Finish(ctx.say("common.done", ctx.menu_button), "cancelled")


def _prompt_name(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("post.ask_name"))


def _handle_name(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    name = " ".join(turn.text.split())
    usable = 2 <= len(name) <= 80 and not has_digit(name)  # noqa: PLR2004
    return GoTo("phone", {"name": name}) if usable else Retry(ctx.say("post.ask_name"))


def _prompt_phone(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("post.ask_phone"))


def _handle_phone(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    digits = re.sub(r"[\s.\-]", "", turn.text.replace("+84", "0", 1))
    return GoTo("address", {"phone": digits}) if _PHONE.fullmatch(digits) else Retry(ctx.say("post.bad_phone"))


def _prompt_address(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("post.ask_address"))


def _handle_address(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    address = " ".join(turn.text.split())[:300]
    if len(address) < _MIN_ADDRESS or " " not in address:
        return Retry(ctx.say("post.short_address"))
    return GoTo("confirm", {"address": address})


def _prompt_confirm(ctx: Context, flow_state: FlowState) -> PromptResult:
    fields = {name: flow_state.slots[name] for name in ("code", "name", "phone", "address")}
    buttons = [tap(ctx.text("button.confirm"), "#chon co"), tap(ctx.text("button.no"), "#chon khong")]
    return Ask(ctx.say("post.confirm", *buttons, **fields))


def _handle_confirm(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return NotHandled() if len(turn.text) > 20 else Retry(ctx.say("common.yes_or_no"))  # noqa: PLR2004
    return GoTo("done") if answer else GoTo("name")


def _file_request(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    """Looked at once more: the dossier may have moved on, or the half hour may be over."""
    dossier = yield from _postable(ctx, flow_state)
    if not isinstance(dossier, Dossier):
        return dossier
    code = dossier.code
    fields = tuple((name, flow_state.slots[name]) for name in ("name", "phone", "address"))
    request = ctx.id_for("post")
    is_filed = yield from perform(FileRequest(code, HistoryEntry(request, ctx.now, "post", "citizen", fields)))
    if is_filed is not True:
        return unavailable(ctx)
    buttons = [tap(ctx.text("button.whole"), f"#lam f_ho_so {code}"), ctx.menu_button]
    return Finish(ctx.say("post.done", *buttons, code=code, receipt=readable_code("BC", request.int)))


BY_POST = Flow(
    "f_buu_chinh",
    {
        **CHOICE_STEPS,
        **proof_steps("check"),
        "check": Step(_prompt_existing, pure(_handle_existing)),
        "name": Step(pure(_prompt_name), pure(_handle_name)),
        "phone": Step(pure(_prompt_phone), pure(_handle_phone)),
        "address": Step(pure(_prompt_address), pure(_handle_address)),
        "confirm": Step(pure(_prompt_confirm), pure(_handle_confirm)),
        "done": Step(_file_request, pure(_handle_confirm)),
    },
    "begin",
    start_with_code,
)
