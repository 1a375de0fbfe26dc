"""Withdraw a dossier: warned, a reason, confirmed once more; entered into its history, for an officer to carry out."""

from contracts.message import Button
from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.context import Context
from services.chatbot.dossiers import OPEN, Dossier, Entry, FileRequest, PendingRequests, receipt
from services.chatbot.flows.dates import yes_or_no
from services.chatbot.flows.kit import Again, Done, Entered, Flow, Go, StepTable, Taken, Wait, at_once, picked
from services.chatbot.flows.stepup import CHOICE, away, menu, owned, proof, start
from services.chatbot.lookup import Found
from services.chatbot.speech import parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn

_REASON = 300  # Characters kept.
_SHORTEST = 4


def _possible(ctx: Context, run: Run) -> Asking[Dossier | Entered]:
    found = yield from owned(ctx, run)
    if not isinstance(found, Found):
        return found
    one = found.value
    if one.stage not in OPEN:
        return Done(parts(ctx.text("withdraw.too_late", code=one.code), [menu(ctx)]), "refused")
    return one


def _warn(ctx: Context, run: Run) -> Asking[Entered]:
    one = yield from _possible(ctx, run)
    if not isinstance(one, Dossier):
        return one
    pending = yield from ask(PendingRequests(one.code))
    if isinstance(pending, Unavailable):
        return away(ctx)
    if "withdraw" in pending:
        return Done(parts(ctx.text("withdraw.exists", code=one.code), [menu(ctx)]), "refused")
    return Wait(parts(ctx.text("withdraw.warn", code=one.code), _yes_no(ctx)))


def _warned(ctx: Context, run: Run, turn: Turn) -> Taken:
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Again(parts(ctx.text("common.yes_or_no")))
    return Go("reason") if answer else _kept(ctx, run)


def _kept(ctx: Context, run: Run) -> Done:
    again = [tap(ctx.text("button.whole"), f"#lam f_ho_so {run.slots['code']}"), menu(ctx)]
    return Done(parts(ctx.text("withdraw.kept", code=run.slots["code"]), again), "cancelled")


def _reason(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    return Wait(parts(ctx.text("withdraw.ask_reason")))


def _reasoned(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    reason = " ".join(turn.text.split())[:_REASON]
    usable = len(reason) >= _SHORTEST and not reason.startswith("#")
    return Go("confirm", {"reason": reason}) if usable else Again(parts(ctx.text("withdraw.ask_reason")))


def _confirm(ctx: Context, run: Run) -> Entered:
    text = ctx.text("withdraw.confirm", code=run.slots["code"], reason=run.slots["reason"])
    return Wait(parts(text, _yes_no(ctx)))


def _confirmed(ctx: Context, run: Run, turn: Turn) -> Taken:
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Again(parts(ctx.text("common.yes_or_no")))
    return Go("done") if answer else _kept(ctx, run)


def _done(ctx: Context, run: Run) -> Asking[Entered]:
    """Looked at once more: the dossier may have moved on, or the half hour may be over."""
    one = yield from _possible(ctx, run)
    if not isinstance(one, Dossier):
        return one
    request = ctx.id_for("withdraw")
    entry = Entry(request, ctx.now, "withdraw", "citizen", (("reason", run.slots["reason"]),))
    filed = yield from ask(FileRequest(one.code, entry))
    if isinstance(filed, Unavailable):
        return away(ctx)
    if not filed:
        return Done(parts(ctx.text("withdraw.exists", code=one.code), [menu(ctx)]), "refused")
    return Done(parts(ctx.text("withdraw.done", code=one.code, receipt=receipt("RH", request)), [menu(ctx)]))


def _yes_no(ctx: Context) -> list[Button]:
    return [tap(ctx.text("button.yes"), "#chon co"), tap(ctx.text("button.no"), "#chon khong")]


WITHDRAW = Flow(
    "f_rut_ho_so",
    {
        **CHOICE,
        **proof("warn"),
        "warn": StepTable(_warn, at_once(_warned)),
        "reason": StepTable(at_once(_reason), at_once(_reasoned)),
        "confirm": StepTable(at_once(_confirm), at_once(_confirmed)),
        "done": StepTable(_done, at_once(_confirmed)),
    },
    "begin",
    start,
)
