"""My appointments: the list, and for one of them another time, or giving it back; or leaving the waiting list."""

from uuid import UUID

from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.bells import MuteBells
from services.chatbot.booking import Booking, GiveBack, LeaveWaiting, MyBookings
from services.chatbot.content.hours import VIETNAM
from services.chatbot.context import Context
from services.chatbot.flows import dates
from services.chatbot.flows.kit import Again, Done, Entered, Flow, Go, NotMine, StepTable, Taken, Wait, at_once, picked
from services.chatbot.speech import bullets, parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn

CHANGE, CANCEL, LEAVE = "doi", "bo", "roi_cho"


def _list(ctx: Context, run: Run) -> Asking[Entered]:  # noqa: ARG001 — a step's shape.
    mine = yield from ask(MyBookings(ctx.conversation, ctx.now))
    if isinstance(mine, Unavailable):
        return Done(parts(ctx.text("common.unavailable")), "refused")
    leave = tap(ctx.text("button.leave_waitlist"), f"#chon {LEAVE}")
    if not mine:
        return Wait(parts(ctx.text("booking.none"), [tap(ctx.text("button.book"), "#lam f_dat_lich"), leave]))
    lines = [ctx.text("booking.entry", code=one.code, **_told(ctx, one)) for one in mine]
    buttons = [tap(one.code, f"#chon {one.id}") for one in mine[:4]]
    return Wait(parts(ctx.text("booking.mine", list=bullets(lines)), [*buttons, leave]))


def _told(ctx: Context, one: Booking) -> dict[str, str]:
    """Named from content; a service or office that is gone from it keeps its id."""
    local = one.starts.astimezone(VIETNAM)
    service, office = ctx.content.services.get(one.service), ctx.content.directory.offices.get(one.office)
    names = {"service": service.short if service else one.service, "office": office.name if office else one.office}
    return {**names, "day": f"{local:%d/%m/%Y}", "time": f"{local:%H:%M}"}


def _one(ctx: Context, chosen: str) -> Asking[Booking | None]:
    """By the button, or by the code as typed; only ever one's own."""
    mine = yield from ask(MyBookings(ctx.conversation, ctx.now))
    if isinstance(mine, Unavailable):
        return None
    said = chosen.strip().upper()
    return next((one for one in mine if str(one.id) == chosen or one.code == said), None)


def _chosen(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:  # noqa: ARG001 — a step's shape.
    if picked(turn) == LEAVE:
        yield from ask(LeaveWaiting(ctx.conversation))
        return Done(parts(ctx.text("booking.wait_left"), [tap(ctx.text("button.menu"), "#menu")]))
    one = yield from _one(ctx, picked(turn) or turn.text)
    return Go("what", {"booking": str(one.id), "code": one.code}) if one else NotMine()


def _what(ctx: Context, run: Run) -> Entered:
    buttons = [
        tap(ctx.text("button.change"), f"#chon {CHANGE}"),
        tap(ctx.text("button.cancel_booking"), f"#chon {CANCEL}"),
    ]
    return Wait(parts(ctx.text("booking.what_to_do", code=run.slots["code"]), buttons))


def _what_chosen(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    one = yield from _one(ctx, run.slots["booking"])
    if one is None:
        return Done(parts(ctx.text("booking.too_late")), "refused")
    match picked(turn):
        case "doi":
            again = [tap(ctx.text("button.other_day"), f"#lam f_dat_lich doi {one.id} {one.service} {one.office}")]
            return Done(parts(ctx.text("booking.entry", code=one.code, **_told(ctx, one)), again))
        case "bo":
            return Go("sure")
        case _:
            return NotMine()


def _sure(ctx: Context, run: Run) -> Asking[Entered]:
    one = yield from _one(ctx, run.slots["booking"])
    if one is None:
        return Done(parts(ctx.text("booking.too_late")), "refused")
    told = _told(ctx, one)
    text = ctx.text("booking.ask_cancel", code=one.code, day=told["day"], time=told["time"])
    return Wait(parts(text, [tap(ctx.text("button.yes"), "#chon co"), tap(ctx.text("button.no"), "#chon khong")]))


def _sure_chosen(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    answer = dates.yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Again(parts(ctx.text("common.yes_or_no")))
    if not answer:
        return Go("list")
    booking = UUID(run.slots["booking"])
    gone = yield from ask(GiveBack(booking, ctx.conversation))
    if gone is not True:
        return Done(parts(ctx.text("booking.too_late")), "refused")
    yield from ask(MuteBells((booking,)))
    return Done(parts(ctx.text("booking.cancelled", code=run.slots["code"]), [tap(ctx.text("button.menu"), "#menu")]))


MY_APPOINTMENTS = Flow(
    "f_lich_hen",
    {
        "list": StepTable(_list, _chosen),
        "what": StepTable(at_once(_what), _what_chosen),
        "sure": StepTable(_sure, _sure_chosen),
    },
    "list",
)
