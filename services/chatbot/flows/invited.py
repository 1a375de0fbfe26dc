"""The other side of an authorisation: who was asked sees for whom and what, and accepts or refuses."""

from uuid import UUID

from contracts.message import Part
from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.context import Context
from services.chatbot.fines import Locked
from services.chatbot.flows.dates import yes_or_no
from services.chatbot.flows.kit import Again, Done, Entered, Taken, Wait, picked
from services.chatbot.flows.stepup import away, menu
from services.chatbot.grants import AnswerInvite, ReadInvite
from services.chatbot.speech import parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn


def asked(ctx: Context, run: Run) -> Asking[Entered]:
    """A wrong, answered or expired invite is told alike."""
    question = ReadInvite(str(ctx.id_for("invite")), ctx.conversation, ctx.oa.oa_id, run.slots["invite"], ctx.now)
    found = yield from ask(question)
    if isinstance(found, Unavailable):
        return away(ctx)
    if isinstance(found, Locked):
        return Done(parts(ctx.text("common.attempts_exceeded", minutes=found.minutes), [menu(ctx)]), "refused")
    if found is None:
        return Done(parts(ctx.text("authorise.bad_invite"), [menu(ctx)]), "refused")
    if found.own:
        return Done(parts(ctx.text("authorise.own_invite"), [menu(ctx)]), "refused")
    buttons = [tap(ctx.text("button.yes"), "#chon co"), tap(ctx.text("button.no"), "#chon khong")]
    slots = {"grant": str(found.grant), "code": found.code, "name": found.name, "where": found.where}
    return Wait(parts(ctx.text("authorise.asked", code=found.code, owner=found.owner), buttons), slots)


def answered(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    accepted = yes_or_no(picked(turn) or turn.text)
    if accepted is None:
        return Again(parts(ctx.text("common.yes_or_no")))
    code = run.slots["code"]
    question = AnswerInvite(
        ctx.id_for("answer"),
        ctx.conversation,
        ctx.oa.oa_id,
        UUID(run.slots["grant"]),
        accepted,
        ctx.now,
        ctx.before.address,
        _told_to_owner(ctx, run, accepted=accepted),
    )
    done = yield from ask(question)
    if isinstance(done, Unavailable):
        return away(ctx)
    if not done:
        return Done(parts(ctx.text("authorise.bad_invite"), [menu(ctx)]), "refused")
    if not accepted:
        return Done(parts(ctx.text("authorise.refused"), [menu(ctx)]))
    where = run.slots["where"] or ctx.oa.name
    return Done(parts(ctx.text("authorise.accepted", code=code, where=where), [menu(ctx)]))


def _told_to_owner(ctx: Context, run: Run, *, accepted: bool) -> tuple[Part, ...]:
    key = "authorise.accepted_owner" if accepted else "authorise.refused_owner"
    return parts(ctx.text(key, code=run.slots["code"], name=run.slots["name"]))
