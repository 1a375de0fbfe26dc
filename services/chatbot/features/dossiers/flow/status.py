"""One dossier: where it stands, what happened to it, and a notice when it changes."""

from chassis.clock import VIETNAM
from contracts.message import Button
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import bullets, compose, tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Finish,
    Flow,
    GoTo,
    HandleResult,
    Opening,
    PromptResult,
    Step,
    pure,
    unavailable,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.dossiers.effects import (
    AWAITED,
    OPEN,
    STAGES,
    Dossier,
    DossierHistory,
    HistoryEntry,
    IsSubscribed,
    SetSubscription,
)
from services.chatbot.features.dossiers.flow.choice import CHOICE_STEPS, handle_which, prompt_which, start_with_code
from services.chatbot.features.dossiers.flow.proof import owned_dossier, proof_steps, proven
from services.chatbot.lookups.result import LookupResult, source_line

HISTORY_CHOICE, SUBSCRIBE_CHOICE, UNSUBSCRIBE_CHOICE = "lich_su", "theo_doi", "thoi"
_STEP_OF_CHOICE = {HISTORY_CHOICE: "history", SUBSCRIBE_CHOICE: "watch", UNSUBSCRIBE_CHOICE: "watch"}
_NEXT_FLOWS = (
    ("f_buu_chinh", "button.post", AWAITED),
    ("f_uy_quyen", "button.authorise", AWAITED),
    ("f_rut_ho_so", "button.withdraw", OPEN),
)


def prompt_status(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    """Ends the errand: what can be done next are errands of their own."""
    if (choice := flow_state.slots.get("deed", "")) in _STEP_OF_CHOICE:
        return GoTo(_STEP_OF_CHOICE[choice], {"deed": choice})
    result = yield from owned_dossier(ctx, flow_state)
    if not isinstance(result, LookupResult):
        return result
    is_subscribed = yield from perform(IsSubscribed(ctx.conversation, result.value.code))
    text = f"{status(ctx, result.value)}\n\n{source_line(ctx, result.source, result.as_of, stale=result.stale)}"
    return Finish(compose(text, _next_buttons(ctx, result.value, is_subscribed=is_subscribed is True)))


def status(ctx: Context, dossier: Dossier) -> str:
    no_date = ctx.text("dossier.no_date")
    lines = [
        ctx.text(
            "dossier.status",
            code=dossier.code,
            name=dossier.procedure,
            status=STAGES[dossier.stage],
            submitted=f"{dossier.submitted:%d/%m/%Y}" if dossier.submitted else no_date,
            due=f"{dossier.due:%d/%m/%Y}" if dossier.due else no_date,
        )
    ]
    today = ctx.now.astimezone(VIETNAM).date()
    if dossier.stage in OPEN and dossier.due is not None and dossier.due < today:
        lines.append(ctx.text("dossier.overdue", days=(today - dossier.due).days))
    if dossier.stage == "needs_more" and dossier.missing:
        lines.append(ctx.text("dossier.need_more", what=dossier.missing))
    if dossier.stage == "ready":
        lines.append(ctx.text("dossier.ready", where=dossier.where or ctx.oa.name))
    return "\n".join(lines)


def _next_buttons(ctx: Context, dossier: Dossier, *, is_subscribed: bool) -> list[Button]:
    choice, subscription_title = (
        (UNSUBSCRIBE_CHOICE, "button.unsubscribe") if is_subscribed else (SUBSCRIBE_CHOICE, "button.subscribe")
    )
    buttons = [
        tap(ctx.text("button.history"), f"#lam f_ho_so {dossier.code} {HISTORY_CHOICE}"),
        tap(ctx.text(subscription_title), f"#lam f_ho_so {dossier.code} {choice}"),
    ]
    buttons += [
        tap(ctx.text(title), f"#lam {flow} {dossier.code}")
        for flow, title, stages in _NEXT_FLOWS
        if flow in ctx.pack.flows and dossier.stage in stages
    ]
    return buttons


def prompt_history(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    result = yield from owned_dossier(ctx, flow_state)
    if not isinstance(result, LookupResult):
        return result
    dossier = result.value
    entries = yield from perform(DossierHistory(dossier.code))
    if isinstance(entries, Unavailable):
        return unavailable(ctx)
    lines = [ctx.text("history.submitted", when=f"{dossier.submitted:%d/%m/%Y}")] if dossier.submitted else []
    lines += [_history_line(ctx, entry) for entry in entries]
    buttons = [tap(ctx.text("button.whole"), f"#lam f_ho_so {dossier.code}"), ctx.menu_button]
    if not lines:
        return Finish(ctx.say("dossier.history_empty", *buttons, code=dossier.code))
    return Finish(ctx.say("dossier.history", *buttons, code=dossier.code, list=bullets(lines)))


def _history_line(ctx: Context, entry: HistoryEntry) -> str:
    when = f"{entry.at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    match entry.kind:
        case "status":
            note = f" ({entry.get('note')})" if entry.get("note") else ""
            return ctx.text("history.status", when=when, status=STAGES.get(entry.get("stage"), ""), note=note)
        case "post" | "withdraw":
            return ctx.text(f"history.{entry.kind}", when=when)
        case _:
            return ctx.text(f"history.{entry.kind}", when=when, name=entry.get("name"))


def _set_subscription(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    result = yield from owned_dossier(ctx, flow_state)
    if not isinstance(result, LookupResult):
        return result
    code, wanted = result.value.code, flow_state.slots.get("deed") != UNSUBSCRIBE_CHOICE
    is_changed = yield from perform(SetSubscription(ctx.conversation, ctx.oa.oa_id, code, ctx.address, wanted))
    if isinstance(is_changed, Unavailable):
        return unavailable(ctx)
    key = "dossier.unsubscribed" if not wanted else "dossier.subscribed" if is_changed else "dossier.already_subscribed"
    return Finish(ctx.say(key, tap(ctx.text("button.whole"), f"#lam f_ho_so {code}"), ctx.menu_button, code=code))


def _start(ctx: Context, words: tuple[str, ...]) -> Opening | None:
    """From `[code [deed]]`."""
    started = start_with_code(ctx, words[:1])
    match words[1:]:
        case ():
            return started
        case (choice,) if started is not None and choice in _STEP_OF_CHOICE:
            step, slots = started
            return step, {**slots, "deed": choice}
        case _:
            return None


STATUS_STEPS = {
    "show": Step(prompt_status, CHOICE_STEPS["which"].handle),
    "history": Step(prompt_history, CHOICE_STEPS["which"].handle),
}

DOSSIER_STATUS = Flow(
    "f_ho_so",
    {
        **CHOICE_STEPS,
        **proof_steps("show"),
        **STATUS_STEPS,
        "watch": Step(_set_subscription, CHOICE_STEPS["which"].handle),
    },
    "begin",
    _start,
    begins_with="dossier",
)


def _first(ctx: Context, flow_state: FlowState) -> PromptResult:
    return GoTo("which") if proven(ctx, flow_state) else GoTo("code")


def _chosen(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    result = yield from handle_which(ctx, flow_state, turn)
    return GoTo("show", result.slots) if isinstance(result, GoTo) and result.step == "look" else result


def _identified(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    result = yield from CHOICE_STEPS["identity"].handle(ctx, flow_state, turn)
    return GoTo("show", result.slots) if isinstance(result, GoTo) and result.step == "look" else result


MY_DOSSIERS = Flow(
    "f_ho_so_cua_toi",
    {
        **proof_steps("which"),
        **STATUS_STEPS,
        "begin": Step(pure(_first), CHOICE_STEPS["begin"].handle),
        "identity": Step(CHOICE_STEPS["identity"].prompt, _identified),
        "which": Step(prompt_which, _chosen),
    },
    "begin",
)
