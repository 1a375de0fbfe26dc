"""Authorise another person to collect a result: the owner names them and passes on an invite; they answer in their own chat."""

from uuid import UUID

from contracts.text import has_digit, is_digits
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import compose
from services.chatbot.dialogue.parsing import yes_or_no
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
    unavailable,
    yes_no_buttons,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.authorisations.effects import (
    INVITE_LIFETIME,
    LiveGrant,
    OfferGrant,
    RevokeGrant,
    format_invite,
    read_invite,
)
from services.chatbot.features.authorisations.flow import invitee
from services.chatbot.features.dossiers.effects import AWAITED, Dossier
from services.chatbot.features.dossiers.flow.choice import CHOICE_STEPS, start_with_code
from services.chatbot.features.dossiers.flow.proof import proof_steps
from services.chatbot.features.dossiers.flow.stage import dossier_in_stage


def _authorisable(ctx: Context, flow_state: FlowState) -> EffectProcess[Dossier | PromptResult]:
    return dossier_in_stage(ctx, flow_state, AWAITED, "authorise.too_late")


def _prompt_existing(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    dossier = yield from _authorisable(ctx, flow_state)
    if not isinstance(dossier, Dossier):
        return dossier
    grant = yield from perform(LiveGrant(dossier.code, ctx.now))
    if isinstance(grant, Unavailable):
        return unavailable(ctx)
    if grant is None:
        return GoTo("name", parts=ctx.say("authorise.intro", code=dossier.code))
    text = ctx.text("authorise.exists", code=dossier.code, name=grant.name)
    return Ask(compose(text, yes_no_buttons(ctx)), {"grant": str(grant.id)})


def _handle_existing(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    """Only where somebody is authorised already: take it back, or leave it."""
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Retry(ctx.say("common.yes_or_no"))
    if not answer:
        return Finish(ctx.say("authorise.kept", ctx.menu_button), "cancelled")
    dossier = yield from _authorisable(ctx, flow_state)
    if not isinstance(dossier, Dossier):
        return dossier
    notice = ctx.say("authorise.revoked", code=dossier.code)
    is_revoked = yield from perform(
        RevokeGrant(ctx.id_for("revoke"), dossier.code, UUID(flow_state.slots["grant"]), ctx.now, notice)
    )
    if isinstance(is_revoked, Unavailable):
        return unavailable(ctx)
    return Finish((*notice[:-1], *compose(notice[-1].text, [ctx.menu_button])))


def _prompt_name(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("authorise.ask_name"))


def _handle_name(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    name = " ".join(turn.text.split())
    usable = 2 <= len(name) <= 80 and not has_digit(name) and "#" not in name  # noqa: PLR2004
    return GoTo("identity", {"name": name}) if usable else Retry(ctx.say("authorise.ask_name"))


def _prompt_identity(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("authorise.ask_id"))


def _handle_identity(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    digits = turn.text.strip()
    usable = len(digits) == 4 and is_digits(digits)  # noqa: PLR2004 — as the question says.
    return GoTo("confirm", {"last4": digits}) if usable else Retry(ctx.say("authorise.bad_id"))


def _prompt_confirm(ctx: Context, flow_state: FlowState) -> PromptResult:
    fields = {name: flow_state.slots[name] for name in ("code", "name", "last4")}
    return Ask(ctx.say("authorise.confirm", *yes_no_buttons(ctx), **fields))


def _handle_confirm(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Retry(ctx.say("common.yes_or_no"))
    return GoTo("done") if answer else GoTo("name")


def _offer_grant(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    """Looked at once more: the dossier may have moved on, or the half hour may be over."""
    dossier = yield from _authorisable(ctx, flow_state)
    if not isinstance(dossier, Dossier):
        return dossier
    name, last4 = flow_state.slots["name"], flow_state.slots["last4"]
    people = (ctx.address, dossier.code, dossier.owner, name, last4, dossier.where)
    invite = yield from perform(OfferGrant(ctx.id_for("grant"), ctx.conversation, ctx.oa.oa_id, ctx.now, *people))
    if isinstance(invite, Unavailable):
        return unavailable(ctx)
    if invite is None:  # Another of the owner's chats was faster.
        return Finish(ctx.say("dossier.not_any_more", ctx.menu_button, code=dossier.code), "refused")
    hours = int(INVITE_LIFETIME.total_seconds() // 3600)
    text = ctx.text("authorise.invite", invite=format_invite(invite), name=name, oa=ctx.oa.name, hours=hours)
    return Finish(compose(text, [ctx.menu_button]))


def _start(ctx: Context, words: tuple[str, ...]) -> Opening | None:
    """A dossier's code from its owner, or an invite from who was asked."""
    invite = read_invite(" ".join(words)) if words else None
    return ("invite", {"invite": invite}) if invite else start_with_code(ctx, words)


def _handle_code_or_invite(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    """Who was invited may have come here by the menu."""
    invite = read_invite(turn.text)
    if invite is not None:
        return GoTo("invite", {"invite": invite})
    return (yield from _PROOF["code"].handle(ctx, flow_state, turn))


_PROOF = proof_steps("check")

AUTHORISATIONS = Flow(
    "f_uy_quyen",
    {
        **CHOICE_STEPS,
        **_PROOF,
        "code": Step(_PROOF["code"].prompt, _handle_code_or_invite),
        "check": Step(_prompt_existing, _handle_existing),
        "name": Step(pure(_prompt_name), pure(_handle_name)),
        "identity": Step(pure(_prompt_identity), pure(_handle_identity)),
        "confirm": Step(pure(_prompt_confirm), pure(_handle_confirm)),
        "done": Step(_offer_grant, pure(_handle_confirm)),
        "invite": Step(invitee.prompt_answer, invitee.handle_answer),
    },
    "begin",
    _start,
)
