"""Book an appointment: service, office, day, hour; held for ten minutes, confirmed with a name; a QR code to check in with."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from chassis.clock import VIETNAM
from contracts.text import has_digit
from services.chatbot.content.slots import Slot, bookable, days
from services.chatbot.dialogue import parsing
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Finish,
    Flow,
    GoTo,
    HandleResult,
    NotHandled,
    Opening,
    PromptResult,
    Retry,
    Step,
    page_of,
    picked,
    pure,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.appointments.effects import (
    HOLD,
    CancelBooking,
    HoldSeat,
)
from services.chatbot.features.appointments.flow import confirm
from services.chatbot.features.appointments.flow.choose_office import _office, _office_chosen, _service, _service_chosen
from services.chatbot.features.appointments.flow.confirm import free_slots, service_of

MAX_SHOWN = 4
_A_YEAR = timedelta(days=366)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MORE_CHOICE = "them"
WAITLIST_CHOICE = "cho"


def _day(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    service = service_of(ctx, flow_state)
    office = ctx.content.office_index.offices[flow_state.slots["office"]].name
    open_days: list[date] = []
    for day in days(service, ctx.content.calendar, ctx.now):
        free = yield from free_slots(ctx, flow_state, day)
        if isinstance(free, Unavailable):
            return Finish(ctx.say("common.unavailable"), "refused")
        if free:
            open_days.append(day)
        if len(open_days) == MAX_SHOWN:
            break
    if not open_days:
        text = ctx.text("booking.full", service=service.short, office=office, days=service.horizon_days)
        return Ask(compose(text, [tap(ctx.text("button.waitlist"), f"#chon {WAITLIST_CHOICE}")]))
    buttons = [tap(parsing.day_in_words(day), f"#chon {day.isoformat()}") for day in open_days]
    return Ask(ctx.say("booking.which_day", *buttons, service=service.short, office=office))


def _day_chosen(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    if picked(turn) == WAITLIST_CHOICE:
        return GoTo("line")
    day = parsing.read_day(picked(turn) or turn.text, ctx.now.astimezone(VIETNAM).date())
    if day is None:
        return Retry(ctx.say("booking.bad_day")) if has_digit(turn.text) else NotHandled()
    holiday = ctx.content.calendar.holiday(day)
    if holiday is not None:
        return Retry(ctx.say("booking.day_holiday", day=parsing.day_in_words(day), holiday=holiday.name))
    free = yield from free_slots(ctx, flow_state, day)
    if isinstance(free, Unavailable):
        return Finish(ctx.say("common.unavailable"), "refused")
    if free:
        return GoTo("slot", {"day": day.isoformat(), "page": "0"})
    closed = not bookable(service_of(ctx, flow_state), ctx.content.calendar, ctx.now, day)
    key = "booking.day_closed" if closed else "booking.day_full"
    return Retry(
        ctx.say(key, tap(ctx.text("button.waitlist"), f"#chon {WAITLIST_CHOICE}"), day=parsing.day_in_words(day))
    )


def _slot(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    day = date.fromisoformat(flow_state.slots["day"])
    free = yield from free_slots(ctx, flow_state, day)
    if isinstance(free, Unavailable) or not free:
        return GoTo("day")
    page = page_of(flow_state) % max(1, -(-len(free) // MAX_SHOWN))
    page_slots = free[page * MAX_SHOWN : (page + 1) * MAX_SHOWN]
    buttons = [
        tap(f"{slot.starts:%H:%M}", f"#chon {slot.starts.astimezone(UTC):%Y-%m-%dT%H:%MZ}") for slot in page_slots
    ]
    if len(free) > MAX_SHOWN:
        buttons.append(tap(ctx.text("button.more"), f"#chon {MORE_CHOICE}"))
    return Ask(ctx.say("booking.which_slot", *buttons, day=parsing.day_in_words(day)))


def _slot_chosen(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    chosen = picked(turn) or ""
    if chosen == MORE_CHOICE:
        return GoTo("slot", {"page": str(page_of(flow_state) + 1)})
    free = yield from free_slots(ctx, flow_state, date.fromisoformat(flow_state.slots["day"]), ctx.id_for("booking"))
    if isinstance(free, Unavailable):
        return Finish(ctx.say("common.unavailable"), "refused")
    typed = parsing.read_time(turn.text)
    slot = next(
        (
            candidate
            for candidate in free
            if f"{candidate.starts.astimezone(UTC):%Y-%m-%dT%H:%MZ}" == chosen or candidate.starts.time() == typed
        ),
        None,
    )
    if slot is None and typed is None and parsing.read_day(chosen or turn.text, ctx.now.astimezone(VIETNAM).date()):
        return (yield from _day_chosen(ctx, flow_state, turn))  # A second thought, or an older button: another day.
    if slot is None:
        return Retry(ctx.say("booking.slot_gone")) if chosen or typed else NotHandled()
    return (yield from _hold_seat(ctx, flow_state, slot))


def _hold_seat(ctx: Context, flow_state: FlowState, slot: Slot) -> EffectProcess[HandleResult]:
    """Hold a seat for ten minutes, unless it is taken: of two citizens at once the database decides."""
    booking, starts = ctx.id_for("booking"), slot.starts.astimezone(UTC)
    seat = (flow_state.slots["service"], flow_state.slots["office"], starts, slot.capacity)
    is_held = yield from perform(HoldSeat(booking, ctx.conversation, ctx.oa.oa_id, *seat, ctx.now, ctx.now + HOLD))
    if is_held is not True:
        return GoTo("slot", parts=ctx.say("booking.slot_gone"))
    if earlier_booking := flow_state.slots.get("booking"):
        yield from perform(CancelBooking(UUID(earlier_booking), ctx.conversation))
    return GoTo("confirm", {"booking": str(booking), "starts": starts.isoformat()})


def _start(ctx: Context, words: tuple[str, ...]) -> Opening | None:
    """`procedure [office]`; `nhan booking service office start`, a seat offered; `doi booking service office`, another time."""
    match words:
        case ("nhan", booking, service, office, starts) if _is_offer(ctx, booking, service, office, starts):
            return "name", {"booking": booking, "service": service, "office": office, "starts": starts}
        case ("doi", booking, service, office) if _is_seat(ctx, booking, service, office):
            return "day", {"change": booking, "service": service, "office": office}
        case ():
            return "service", {}
        case (about, *at) if len(at) <= 1 and (about in ctx.content.services or ctx.procedure(about) is not None):
            return "service", dict(zip(("about", "at"), words, strict=False))
        case _:
            return None


def _is_seat(ctx: Context, booking: str, service: str, office: str) -> bool:
    """Whether a button's words still name a service of ours and an office that offers it."""
    offered = ctx.content.services.get(service)
    return _UUID.fullmatch(booking) is not None and offered is not None and office in offered.offices


def _is_offer(ctx: Context, booking: str, service: str, office: str, starts: str) -> bool:
    """Whether they name a seat, at a moment of about this year."""
    try:
        moment = datetime.fromisoformat(starts)
    except ValueError:
        return False
    is_near = moment.tzinfo is not None and abs(moment - ctx.now) <= _A_YEAR
    return is_near and _is_seat(ctx, booking, service, office)


APPOINTMENTS = Flow(
    "f_dat_lich",
    {
        "service": Step(_service, pure(_service_chosen)),
        "office": Step(pure(_office), pure(_office_chosen)),
        "day": Step(_day, _day_chosen),
        "slot": Step(_slot, _slot_chosen),
        "confirm": Step(pure(confirm.prompt_confirm), pure(confirm.handle_confirm)),
        "name": Step(pure(confirm.prompt_name), pure(confirm.handle_name)),
        "done": Step(confirm.confirm_seat, pure(confirm.handle_name)),
        "line": Step(confirm.join_waitlist, pure(confirm.handle_name)),
    },
    "service",
    _start,
)
