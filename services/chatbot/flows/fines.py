"""Traffic fines: plate, kind of vehicle, proof; then what is still open, where it is dealt with, and a warning of swindlers."""

from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.content.hours import VIETNAM
from services.chatbot.context import Context
from services.chatbot.fines import PROOF_DIGITS, FindFines, Locked, Offence, read_plate, read_proof, shown
from services.chatbot.flows.kit import Again, Done, Entered, Flow, Go, NotMine, StepTable, Taken, Wait, at_once, picked
from services.chatbot.lookup import origin
from services.chatbot.speech import parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn, plain

EXAMPLE = "51F-123.45"
_KINDS = {"oto": "button.car", "xe_may": "button.motorcycle", "xe_dien": "button.electric"}
_TYPED = {
    "o to": "oto",
    "oto": "oto",
    "xe hoi": "oto",
    "xe may": "xe_may",
    "mo to": "xe_may",
    "xe may dien": "xe_dien",
    "xe dap dien": "xe_dien",
}


def _plate(ctx: Context, run: Run) -> Entered:
    return Go("kind") if run.slots.get("plate") else Wait(parts(ctx.text("fine.ask_plate", example=EXAMPLE)))


def _plate_said(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    plate = read_plate(turn.text)
    if plate is not None:
        return Go("kind", {"plate": plate})
    return (
        Again(parts(ctx.text("fine.bad_plate", example=EXAMPLE))) if any(c.isdigit() for c in turn.text) else NotMine()
    )


def _kind(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    return Wait(
        parts(ctx.text("fine.ask_kind"), [tap(ctx.text(title), f"#chon {kind}") for kind, title in _KINDS.items()])
    )


def _kind_said(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    kind = picked(turn) or _TYPED.get(plain(turn.text), "")
    return Go("proof", {"kind": kind}) if kind in _KINDS else NotMine()


def _proof(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    return Wait(parts(ctx.text("fine.ask_proof", digits=PROOF_DIGITS)))


def _proof_said(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    proof = read_proof(turn.text)
    if proof is None:
        return Again(parts(ctx.text("fine.bad_proof", digits=PROOF_DIGITS)))
    question = FindFines(str(ctx.id_for("fines")), ctx.conversation, run.slots["plate"], proof, run.slots["kind"])
    found = yield from ask(question)
    again = [tap(ctx.text("button.other"), "#lam f_phat_nguoi"), tap(ctx.text("button.menu"), "#menu")]
    if isinstance(found, Unavailable):
        return Done(parts(ctx.text("common.unavailable"), again), "refused")
    if isinstance(found, Locked):
        return Done(parts(ctx.text("common.attempts_exceeded", minutes=found.minutes), again), "refused")
    if found is None or not found.value:
        when = f"{ctx.now.astimezone(VIETNAM):%d/%m/%Y}"
        return Done(parts(ctx.text("fine.none", when=when), again))
    when = f"{found.as_of.astimezone(VIETNAM):%d/%m/%Y}"
    entries = "\n".join(_entry(ctx, one) for one in found.value)
    told = ctx.text("fine.found", plate=shown(run.slots["plate"]), count=len(found.value), list=entries, when=when)
    source = origin(ctx, found.source, found.as_of, stale=found.stale)
    return Done(parts(f"{told}\n\n{ctx.text('fine.pay')}\n\n{source}", again))


def _entry(ctx: Context, one: Offence) -> str:
    return ctx.text("fine.entry", time=one.time, offence=one.offence, place=one.place, unit=one.unit, phone=one.phone)


def _start(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    plate = read_plate(words[0]) if words else None
    return "plate", {"plate": plate} if plate else {}


FINES = Flow(
    "f_phat_nguoi",
    {
        "plate": StepTable(at_once(_plate), at_once(_plate_said)),
        "kind": StepTable(at_once(_kind), at_once(_kind_said)),
        "proof": StepTable(at_once(_proof), _proof_said),
    },
    "plate",
    _start,
)
