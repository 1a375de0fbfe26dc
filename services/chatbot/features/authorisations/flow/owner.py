"""Authorise another person to collect a result: the owner names them and passes on an invite; they answer in their own chat."""

from uuid import UUID

from contracts.message import Button
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
    menu_button,
    picked,
    pure,
    unavailable,
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
from services.chatbot.features.dossiers.flow.proof import CHOICE_STEPS, owned_dossier, proof_steps, start_with_code
from services.chatbot.lookups.result import LookupResult


def _authorisable(ctx: Context, flow_state: FlowState) -> EffectProcess[Dossier | PromptResult]:
    result = yield from owned_dossier(ctx, flow_state)
    if not isinstance(result, LookupResult):
        return result
    dossier = result.value
    if dossier.stage not in AWAITED:
        return Finish(compose(ctx.text("authorise.too_late", code=dossier.code), [menu_button(ctx)]), "refused")
    return dossier


def _prompt_existing(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    dossier = yield from _authorisable(ctx, flow_state)
    if not isinstance(dossier, Dossier):
        return dossier
    grant = yield from perform(LiveGrant(dossier.code, ctx.now))
    if isinstance(grant, Unavailable):
        return unavailable(ctx)
    if grant is None:
        return GoTo("name", parts=compose(ctx.text("authorise.intro", code=dossier.code)))
    text = ctx.text("authorise.exists", code=dossier.code, name=grant.name)
    return Ask(compose(text, _yes_no(ctx)), {"grant": str(grant.id)})


def _handle_existing(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    """Only where somebody is authorised already: take it back, or leave it."""
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Retry(compose(ctx.text("common.yes_or_no")))
    if not answer:
        return Finish(compose(ctx.text("authorise.kept"), [menu_button(ctx)]), "cancelled")
    dossier = yield from _authorisable(ctx, flow_state)
    if not isinstance(dossier, Dossier):
        return dossier
    notice = compose(ctx.text("authorise.revoked", code=dossier.code))
    is_revoked = yield from perform(
        RevokeGrant(ctx.id_for("revoke"), dossier.code, UUID(flow_state.slots["grant"]), ctx.now, notice)
    )
    if isinstance(is_revoked, Unavailable):
        return unavailable(ctx)
    return Finish((*notice[:-1], *compose(notice[-1].text, [menu_button(ctx)])))


def _prompt_name(ctx: Context, flow_state: FlowState) -> PromptResult:  # noqa: ARG001 — a step's shape.
    return Ask(compose(ctx.text("authorise.ask_name")))


def _handle_name(ctx: Context, flow_state: FlowState, turn: Turn) -> HandleResult:  # noqa: ARG001 — a step's shape.
    name = " ".join(turn.text.split())
    usable = 2 <= len(name) <= 80 and not any(letter.isdigit() or letter == "#" for letter in name)  # noqa: PLR2004
    return GoTo("identity", {"name": name}) if usable else Retry(compose(ctx.text("authorise.ask_name")))


def _prompt_identity(ctx: Context, flow_state: FlowState) -> PromptResult:  # noqa: ARG001 — a step's shape.
    return Ask(compose(ctx.text("authorise.ask_id")))


def _handle_identity(ctx: Context, flow_state: FlowState, turn: Turn) -> HandleResult:  # noqa: ARG001 — a step's shape.
    digits = turn.text.strip()
    usable = len(digits) == 4 and digits.isascii() and digits.isdigit()  # noqa: PLR2004 — as the question says.
    return GoTo("confirm", {"last4": digits}) if usable else Retry(compose(ctx.text("authorise.bad_id")))


def _prompt_confirm(ctx: Context, flow_state: FlowState) -> PromptResult:
    fields = {name: flow_state.slots[name] for name in ("code", "name", "last4")}
    return Ask(compose(ctx.text("authorise.confirm", **fields), _yes_no(ctx)))


def _handle_confirm(ctx: Context, flow_state: FlowState, turn: Turn) -> HandleResult:  # noqa: ARG001 — a step's shape.
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Retry(compose(ctx.text("common.yes_or_no")))
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
        return Finish(compose(ctx.text("dossier.not_any_more", code=dossier.code), [menu_button(ctx)]), "refused")
    hours = int(INVITE_LIFETIME.total_seconds() // 3600)
    text = ctx.text("authorise.invite", invite=format_invite(invite), name=name, oa=ctx.oa.name, hours=hours)
    return Finish(compose(text, [menu_button(ctx)]))


def _yes_no(ctx: Context) -> list[Button]:
    return [tap(ctx.text("button.yes"), "#chon co"), tap(ctx.text("button.no"), "#chon khong")]


def _start(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """A dossier's code from its owner, or an invite from who was asked."""
    invite = read_invite(" ".join(words)) if words else None
    return ("invite", {"invite": invite}) if invite else start_with_code(words)


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
