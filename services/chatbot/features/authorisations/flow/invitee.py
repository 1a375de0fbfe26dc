"""The other side of an authorisation: who was asked sees for whom and what, and accepts or refuses."""

from uuid import UUID

from contracts.message import MessagePart
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.parsing import yes_or_no
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Finish,
    HandleResult,
    PromptResult,
    Retry,
    picked,
    unavailable,
    yes_no_buttons,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.authorisations.effects import AnswerInvite, ReadInvite
from services.chatbot.lookups.result import Locked


def prompt_answer(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    """A wrong, an answered and an expired invite get the same reply."""
    query = ReadInvite(
        str(ctx.id_for("invite")), ctx.conversation, ctx.person, ctx.oa.oa_id, flow_state.slots["invite"], ctx.now
    )
    invitation = yield from perform(query)
    if isinstance(invitation, Unavailable):
        return unavailable(ctx)
    if isinstance(invitation, Locked):
        return Finish(ctx.say("common.attempts_exceeded", ctx.menu_button, minutes=invitation.minutes), "refused")
    if invitation is None:
        return Finish(ctx.say("authorise.bad_invite", ctx.menu_button), "refused")
    if invitation.own:
        return Finish(ctx.say("authorise.own_invite", ctx.menu_button), "refused")
    buttons = yes_no_buttons(ctx)
    slots = {
        "grant": str(invitation.grant),
        "code": invitation.code,
        "name": invitation.name,
        "where": invitation.where,
    }
    return Ask(ctx.say("authorise.asked", *buttons, code=invitation.code, owner=invitation.owner), slots)


def handle_answer(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    accepted = yes_or_no(picked(turn) or turn.text)
    if accepted is None:
        return Retry(ctx.say("common.yes_or_no"))
    code = flow_state.slots["code"]
    effect = AnswerInvite(
        ctx.id_for("answer"),
        ctx.conversation,
        ctx.oa.oa_id,
        UUID(flow_state.slots["grant"]),
        accepted,
        ctx.now,
        ctx.address,
        _owner_notice(ctx, flow_state, accepted=accepted),
    )
    is_recorded = yield from perform(effect)
    if isinstance(is_recorded, Unavailable):
        return unavailable(ctx)
    if not is_recorded:
        return Finish(ctx.say("authorise.bad_invite", ctx.menu_button), "refused")
    if not accepted:
        return Finish(ctx.say("authorise.refused", ctx.menu_button))
    where = flow_state.slots["where"] or ctx.oa.name
    return Finish(ctx.say("authorise.accepted", ctx.menu_button, code=code, where=where))


def _owner_notice(ctx: Context, flow_state: FlowState, *, accepted: bool) -> tuple[MessagePart, ...]:
    key = "authorise.accepted_owner" if accepted else "authorise.refused_owner"
    return ctx.say(key, code=flow_state.slots["code"], name=flow_state.slots["name"])
