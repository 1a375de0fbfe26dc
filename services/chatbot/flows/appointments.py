"""Book an appointment: service, office, day, hour; held for ten minutes, confirmed with a name; a QR code to check in with."""

from datetime import UTC, date
from uuid import UUID

from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.booking import (
    AT_MOST,
    HOLD,
    GiveBack,
    HoldSeat,
    MyBookings,
)
from services.chatbot.content.hours import VIETNAM
from services.chatbot.content.models.service import Service
from services.chatbot.content.slots import Slot, bookable, days
from services.chatbot.context import Context
from services.chatbot.flows import booked, dates
from services.chatbot.flows.booked import service_of
from services.chatbot.flows.free import free_slots
from services.chatbot.flows.kit import Again, Done, Entered, Flow, Go, NotMine, StepTable, Taken, Wait, at_once, picked
from services.chatbot.speech import parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn

SHOWN = 4
MORE = "them"
WAIT_IN_LINE = "cho"


def _service(ctx: Context, run: Run) -> Asking[Entered]:
    mine = yield from ask(MyBookings(ctx.conversation, ctx.now))
    if isinstance(mine, Unavailable):
        return Done(parts(ctx.text("common.unavailable")), "refused")
    if len(mine) >= AT_MOST and "change" not in run.slots:
        return Done(
            parts(ctx.text("booking.limit", count=len(mine)), [tap(ctx.text("button.change"), "#lam f_lich_hen")]),
            "refused",
        )
    known = _by_procedure(ctx, run.slots.get("about", ""))
    if known is not None:
        return Go("office", {"service": known.id})
    services = ctx.content.services_of(ctx.pack.id)
    return Wait(parts(ctx.text("booking.which_service"), [tap(one.short, f"#chon {one.id}") for one in services[:5]]))


def _by_procedure(ctx: Context, about: str) -> Service | None:
    """`#lam f_dat_lich cc_doi`: the service under which that procedure is done; or the service itself."""
    mine = ctx.content.services_of(ctx.pack.id)
    return next((one for one in mine if about and (about == one.id or about in one.procedures)), None)


def _service_chosen(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    chosen = _by_procedure(ctx, picked(turn) or "")
    return Go("office", {"service": chosen.id}) if chosen else NotMine()


def _office(ctx: Context, run: Run) -> Entered:
    service, own = service_of(ctx, run), ctx.oa.oa_id
    if run.slots.get("at") in service.offices:
        return Go("day", {"office": run.slots["at"]})
    offices = [ctx.content.directory.offices[one] for one in service.offices]
    home = next((one for one in offices if one.oa_id == own), None)
    if len(offices) == 1 or home is not None:
        return Go("day", {"office": (home or offices[0]).id})
    said = ctx.text("booking.which_unit", service=service.short)
    first, rest = offices[:5], offices[5:10]
    shown = parts(said, [tap(one.name, f"#chon {one.id}") for one in first])
    return Wait(
        (*shown, *parts(ctx.text("menu.more"), [tap(one.name, f"#chon {one.id}") for one in rest])) if rest else shown
    )


def _office_chosen(ctx: Context, run: Run, turn: Turn) -> Taken:
    service = service_of(ctx, run)
    chosen = picked(turn) or next((hit.office.id for hit in ctx.content.directory.named(turn.text)), "")
    return Go("day", {"office": chosen}) if chosen in service.offices else NotMine()


def _day(ctx: Context, run: Run) -> Asking[Entered]:
    service = service_of(ctx, run)
    office = ctx.content.directory.offices[run.slots["office"]].name
    open_days: list[date] = []
    for day in days(service, ctx.content.calendar, ctx.now):
        free = yield from free_slots(ctx, run, day)
        if isinstance(free, Unavailable):
            return Done(parts(ctx.text("common.unavailable")), "refused")
        if free:
            open_days.append(day)
        if len(open_days) == SHOWN:
            break
    if not open_days:
        said = ctx.text("booking.full", service=service.short, office=office, days=service.horizon_days)
        return Wait(parts(said, [tap(ctx.text("button.waitlist"), f"#chon {WAIT_IN_LINE}")]))
    buttons = [tap(dates.day_in_words(day), f"#chon {day.isoformat()}") for day in open_days]
    return Wait(parts(ctx.text("booking.which_day", service=service.short, office=office), buttons))


def _day_chosen(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    if picked(turn) == WAIT_IN_LINE:
        return Go("line")
    day = dates.read_day(picked(turn) or turn.text, ctx.now.astimezone(VIETNAM).date())
    if day is None:
        return Again(parts(ctx.text("booking.bad_day"))) if any(letter.isdigit() for letter in turn.text) else NotMine()
    holiday = ctx.content.calendar.holiday(day)
    if holiday is not None:
        return Again(parts(ctx.text("booking.day_holiday", day=dates.day_in_words(day), holiday=holiday.name)))
    free = yield from free_slots(ctx, run, day)
    if isinstance(free, Unavailable):
        return Done(parts(ctx.text("common.unavailable")), "refused")
    if free:
        return Go("slot", {"day": day.isoformat(), "page": "0"})
    closed = not bookable(service_of(ctx, run), ctx.content.calendar, ctx.now, day)
    key = "booking.day_closed" if closed else "booking.day_full"
    return Again(
        parts(ctx.text(key, day=dates.day_in_words(day)), [tap(ctx.text("button.waitlist"), f"#chon {WAIT_IN_LINE}")])
    )


def _slot(ctx: Context, run: Run) -> Asking[Entered]:
    day = date.fromisoformat(run.slots["day"])
    free = yield from free_slots(ctx, run, day)
    if isinstance(free, Unavailable) or not free:
        return Go("day")
    page = int(run.slots.get("page", "0")) % max(1, -(-len(free) // SHOWN))
    shown = free[page * SHOWN : (page + 1) * SHOWN]
    buttons = [tap(f"{slot.starts:%H:%M}", f"#chon {slot.starts.astimezone(UTC):%Y-%m-%dT%H:%MZ}") for slot in shown]
    if len(free) > SHOWN:
        buttons.append(tap(ctx.text("button.more"), f"#chon {MORE}"))
    return Wait(parts(ctx.text("booking.which_slot", day=dates.day_in_words(day)), buttons))


def _slot_chosen(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    chosen = picked(turn) or ""
    if chosen == MORE:
        return Go("slot", {"page": str(int(run.slots.get("page", "0")) + 1)})
    free = yield from free_slots(ctx, run, date.fromisoformat(run.slots["day"]), ctx.id_for("booking"))
    if isinstance(free, Unavailable):
        return Done(parts(ctx.text("common.unavailable")), "refused")
    typed = dates.read_time(turn.text)
    wanted = next(
        (s for s in free if f"{s.starts.astimezone(UTC):%Y-%m-%dT%H:%MZ}" == chosen or s.starts.time() == typed), None
    )
    if wanted is None and typed is None and dates.read_day(chosen or turn.text, ctx.now.astimezone(VIETNAM).date()):
        return (yield from _day_chosen(ctx, run, turn))  # A second thought, or an older button: another day.
    if wanted is None:
        return Again(parts(ctx.text("booking.slot_gone"))) if chosen or typed else NotMine()
    return (yield from _held(ctx, run, wanted))


def _held(ctx: Context, run: Run, slot: Slot) -> Asking[Taken]:
    """Ours for ten minutes, or gone: two who ask at once are told apart by the database, not by luck."""
    booking, starts = ctx.id_for("booking"), slot.starts.astimezone(UTC)
    place = (run.slots["service"], run.slots["office"], starts, slot.capacity)
    held = yield from ask(HoldSeat(booking, ctx.conversation, ctx.oa.oa_id, *place, ctx.now, ctx.now + HOLD))
    if held is not True:
        return Go("slot", parts=parts(ctx.text("booking.slot_gone")))
    if earlier := run.slots.get("booking"):
        yield from ask(GiveBack(UUID(earlier), ctx.conversation))
    return Go("confirm", {"booking": str(booking), "starts": starts.isoformat()})


def _start(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """`procedure [office]`; `nhan booking service office start`, a seat offered; `doi booking service office`, another time."""
    if len(words) == 5 and words[0] == "nhan":  # noqa: PLR2004
        _, booking, service, office, starts = words
        return "name", {"booking": booking, "service": service, "office": office, "starts": starts}
    if len(words) == 4 and words[0] == "doi":  # noqa: PLR2004
        return "day", {"change": words[1], "service": words[2], "office": words[3]}
    return "service", dict(zip(("about", "at"), words, strict=False))


APPOINTMENT = Flow(
    "f_dat_lich",
    {
        "service": StepTable(_service, at_once(_service_chosen)),
        "office": StepTable(at_once(_office), at_once(_office_chosen)),
        "day": StepTable(_day, _day_chosen),
        "slot": StepTable(_slot, _slot_chosen),
        "confirm": StepTable(at_once(booked.confirm), at_once(booked.confirmed)),
        "name": StepTable(at_once(booked.name), at_once(booked.named)),
        "done": StepTable(booked.done, at_once(booked.named)),
        "line": StepTable(booked.line, at_once(booked.named)),
    },
    "service",
    _start,
)
