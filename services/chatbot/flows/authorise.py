"""Authorise another person to collect a result: the owner names them and passes on an invite; they answer in their own chat."""

from uuid import UUID

from contracts.message import Button
from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.context import Context
from services.chatbot.dossiers import AWAITED, Dossier
from services.chatbot.flows import invited
from services.chatbot.flows.dates import yes_or_no
from services.chatbot.flows.kit import Again, Done, Entered, Flow, Go, StepTable, Taken, Wait, at_once, picked
from services.chatbot.flows.stepup import CHOICE, away, menu, owned, proof, start
from services.chatbot.grants import INVITE, GiveGrant, LiveGrant, RevokeGrant, read_invite, shown_invite
from services.chatbot.lookup import Found
from services.chatbot.speech import parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn


def _possible(ctx: Context, run: Run) -> Asking[Dossier | Entered]:
    found = yield from owned(ctx, run)
    if not isinstance(found, Found):
        return found
    one = found.value
    if one.stage not in AWAITED:
        return Done(parts(ctx.text("authorise.too_late", code=one.code), [menu(ctx)]), "refused")
    return one


def _check(ctx: Context, run: Run) -> Asking[Entered]:
    one = yield from _possible(ctx, run)
    if not isinstance(one, Dossier):
        return one
    grant = yield from ask(LiveGrant(one.code, ctx.now))
    if isinstance(grant, Unavailable):
        return away(ctx)
    if grant is None:
        return Go("name", parts=parts(ctx.text("authorise.intro", code=one.code)))
    text = ctx.text("authorise.exists", code=one.code, name=grant.name)
    return Wait(parts(text, _yes_no(ctx)), {"grant": str(grant.id)})


def _checked(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    """Only where somebody is authorised already: take it back, or leave it."""
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Again(parts(ctx.text("common.yes_or_no")))
    if not answer:
        return Done(parts(ctx.text("authorise.kept"), [menu(ctx)]), "cancelled")
    one = yield from _possible(ctx, run)
    if not isinstance(one, Dossier):
        return one
    told = parts(ctx.text("authorise.revoked", code=one.code))
    gone = yield from ask(RevokeGrant(ctx.id_for("revoke"), one.code, UUID(run.slots["grant"]), ctx.now, told))
    if isinstance(gone, Unavailable):
        return away(ctx)
    return Done((*told[:-1], *parts(told[-1].text, [menu(ctx)])))


def _name(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    return Wait(parts(ctx.text("authorise.ask_name")))


def _named(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    name = " ".join(turn.text.split())
    good = 2 <= len(name) <= 80 and not any(letter.isdigit() or letter == "#" for letter in name)  # noqa: PLR2004
    return Go("identity", {"name": name}) if good else Again(parts(ctx.text("authorise.ask_name")))


def _identity(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    return Wait(parts(ctx.text("authorise.ask_id")))


def _identified(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    digits = turn.text.strip()
    good = len(digits) == 4 and digits.isascii() and digits.isdigit()  # noqa: PLR2004 — as the question says.
    return Go("confirm", {"last4": digits}) if good else Again(parts(ctx.text("authorise.bad_id")))


def _confirm(ctx: Context, run: Run) -> Entered:
    told = {name: run.slots[name] for name in ("code", "name", "last4")}
    return Wait(parts(ctx.text("authorise.confirm", **told), _yes_no(ctx)))


def _confirmed(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Again(parts(ctx.text("common.yes_or_no")))
    return Go("done") if answer else Go("name")


def _done(ctx: Context, run: Run) -> Asking[Entered]:
    """Looked at once more: the dossier may have moved on, or the half hour may be over."""
    one = yield from _possible(ctx, run)
    if not isinstance(one, Dossier):
        return one
    name, last4 = run.slots["name"], run.slots["last4"]
    who = (ctx.before.address, one.code, one.owner, name, last4, one.where)
    invite = yield from ask(GiveGrant(ctx.id_for("grant"), ctx.conversation, ctx.oa.oa_id, ctx.now, *who))
    if isinstance(invite, Unavailable):
        return away(ctx)
    if invite is None:  # Another of the owner's chats was faster.
        return Done(parts(ctx.text("dossier.not_any_more", code=one.code), [menu(ctx)]), "refused")
    hours = int(INVITE.total_seconds() // 3600)
    text = ctx.text("authorise.invite", invite=shown_invite(invite), name=name, oa=ctx.oa.name, hours=hours)
    return Done(parts(text, [menu(ctx)]))


def _yes_no(ctx: Context) -> list[Button]:
    return [tap(ctx.text("button.yes"), "#chon co"), tap(ctx.text("button.no"), "#chon khong")]


def _start(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """A dossier's code from its owner, or an invite from who was asked."""
    invite = read_invite(" ".join(words)) if words else None
    return ("invite", {"invite": invite}) if invite else start(words)


def _code_or_invite(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    """Who was invited may have come here by the menu."""
    invite = read_invite(turn.text)
    if invite is not None:
        return Go("invite", {"invite": invite})
    return (yield from _PROOF["code"].take(ctx, run, turn))


_PROOF = proof("check")

AUTHORISE = Flow(
    "f_uy_quyen",
    {
        **CHOICE,
        **_PROOF,
        "code": StepTable(_PROOF["code"].enter, _code_or_invite),
        "check": StepTable(_check, _checked),
        "name": StepTable(at_once(_name), at_once(_named)),
        "identity": StepTable(at_once(_identity), at_once(_identified)),
        "confirm": StepTable(at_once(_confirm), at_once(_confirmed)),
        "done": StepTable(_done, at_once(_confirmed)),
        "invite": StepTable(invited.asked, invited.answered),
    },
    "begin",
    _start,
)
