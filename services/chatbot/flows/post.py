"""Have a result sent by post: to whom, where, confirmed; entered into the dossier's history, which officers see."""

import re

from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.context import Context
from services.chatbot.dossiers import AWAITED, Entry, FileRequest, PendingRequests, receipt
from services.chatbot.flows.dates import yes_or_no
from services.chatbot.flows.kit import Again, Done, Entered, Flow, Go, NotMine, StepTable, Taken, Wait, at_once, picked
from services.chatbot.flows.stepup import CHOICE, away, menu, owned, proof, start
from services.chatbot.lookup import Found
from services.chatbot.speech import parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn

_PHONE = re.compile(r"0\d{9}")
_SHORTEST_ADDRESS = 12


def _check(ctx: Context, run: Run) -> Asking[Entered]:
    found = yield from owned(ctx, run)
    if not isinstance(found, Found):
        return found
    code = found.value.code
    if found.value.stage not in AWAITED:
        return Done(parts(ctx.text("post.too_late", code=code), [menu(ctx)]), "refused")
    pending = yield from ask(PendingRequests(code))
    if isinstance(pending, Unavailable):
        return away(ctx)
    if "post" in pending:
        buttons = [tap(ctx.text("button.yes"), "#chon co"), tap(ctx.text("button.no"), "#chon khong")]
        return Wait(parts(ctx.text("post.exists", code=code), buttons))
    return Go("name", parts=parts(ctx.text("post.intro", code=code)))


def _checked(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    """Only who has registered before is asked anything here: another address, or not."""
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Again(parts(ctx.text("common.yes_or_no")))
    return Go("name") if answer else Done(parts(ctx.text("common.done"), [menu(ctx)]), "cancelled")


def _name(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    return Wait(parts(ctx.text("post.ask_name")))


def _named(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    name = " ".join(turn.text.split())
    good = 2 <= len(name) <= 80 and not any(letter.isdigit() for letter in name)  # noqa: PLR2004
    return Go("phone", {"name": name}) if good else Again(parts(ctx.text("post.ask_name")))


def _phone(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    return Wait(parts(ctx.text("post.ask_phone")))


def _phoned(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    digits = re.sub(r"[\s.\-]", "", turn.text.replace("+84", "0", 1))
    return Go("address", {"phone": digits}) if _PHONE.fullmatch(digits) else Again(parts(ctx.text("post.bad_phone")))


def _address(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    return Wait(parts(ctx.text("post.ask_address")))


def _addressed(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    address = " ".join(turn.text.split())[:300]
    if len(address) < _SHORTEST_ADDRESS or " " not in address:
        return Again(parts(ctx.text("post.short_address")))
    return Go("confirm", {"address": address})


def _confirm(ctx: Context, run: Run) -> Entered:
    told = {name: run.slots[name] for name in ("code", "name", "phone", "address")}
    buttons = [tap(ctx.text("button.confirm"), "#chon co"), tap(ctx.text("button.no"), "#chon khong")]
    return Wait(parts(ctx.text("post.confirm", **told), buttons))


def _confirmed(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return NotMine() if len(turn.text) > 20 else Again(parts(ctx.text("common.yes_or_no")))  # noqa: PLR2004
    return Go("done") if answer else Go("name")


def _done(ctx: Context, run: Run) -> Asking[Entered]:
    """Looked at once more: the dossier may have moved on, or the half hour may be over."""
    found = yield from owned(ctx, run)
    if not isinstance(found, Found):
        return found
    code = found.value.code
    if found.value.stage not in AWAITED:
        return Done(parts(ctx.text("post.too_late", code=code), [menu(ctx)]), "refused")
    told = tuple((name, run.slots[name]) for name in ("name", "phone", "address"))
    request = ctx.id_for("post")
    filed = yield from ask(FileRequest(code, Entry(request, ctx.now, "post", "citizen", told)))
    if filed is not True:
        return away(ctx)
    again = [tap(ctx.text("button.whole"), f"#lam f_ho_so {code}"), menu(ctx)]
    return Done(parts(ctx.text("post.done", code=code, receipt=receipt("BC", request)), again))


POST = Flow(
    "f_buu_chinh",
    {
        **CHOICE,
        **proof("check"),
        "check": StepTable(_check, at_once(_checked)),
        "name": StepTable(at_once(_name), at_once(_named)),
        "phone": StepTable(at_once(_phone), at_once(_phoned)),
        "address": StepTable(at_once(_address), at_once(_addressed)),
        "confirm": StepTable(at_once(_confirm), at_once(_confirmed)),
        "done": StepTable(_done, at_once(_confirmed)),
    },
    "begin",
    start,
)
