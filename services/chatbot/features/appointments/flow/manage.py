"""My appointments: the list, and for one of them another time, or giving it back; or leaving the waiting list."""

from uuid import UUID

from chassis.clock import VIETNAM
from services.chatbot.dialogue import parsing
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import bullets, compose, tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Finish,
    Flow,
    GoTo,
    HandleResult,
    NotHandled,
    PromptResult,
    Retry,
    Step,
    picked,
    pure,
    yes_no_buttons,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.appointments.effects import Booking, CancelBooking, LeaveWaitlist, MyBookings
from services.chatbot.reminders.effects import CancelReminders

CHANGE_CHOICE, CANCEL_CHOICE, LEAVE_CHOICE = "doi", "bo", "roi_cho"


def _prompt_list(ctx: Context, _flow_state: FlowState) -> EffectProcess[PromptResult]:
    bookings = yield from perform(MyBookings(ctx.conversation, ctx.now))
    if isinstance(bookings, Unavailable):
        return Finish(ctx.say("common.unavailable"), "refused")
    leave = tap(ctx.text("button.leave_waitlist"), f"#chon {LEAVE_CHOICE}")
    if not bookings:
        return Ask(ctx.say("booking.none", tap(ctx.text("button.book"), "#lam f_dat_lich"), leave))
    lines = [ctx.text("booking.entry", code=booking.code, **_booking_fields(ctx, booking)) for booking in bookings]
    buttons = [tap(booking.code, f"#chon {booking.id}") for booking in bookings[:4]]
    return Ask(ctx.say("booking.mine", *buttons, leave, list=bullets(lines)))


def _booking_fields(ctx: Context, booking: Booking) -> dict[str, str]:
    """Named from content; a service or office that is gone from it keeps its id."""
    local = booking.starts.astimezone(VIETNAM)
    service, office = ctx.content.services.get(booking.service), ctx.content.office_index.offices.get(booking.office)
    names = {
        "service": service.short if service else booking.service,
        "office": office.name if office else booking.office,
    }
    return {**names, "day": f"{local:%d/%m/%Y}", "time": f"{local:%H:%M}"}


def _own_booking(ctx: Context, chosen: str) -> EffectProcess[Booking | None]:
    """By the button, or by the code as typed; only ever one's own."""
    bookings = yield from perform(MyBookings(ctx.conversation, ctx.now))
    if isinstance(bookings, Unavailable):
        return None
    typed_code = chosen.strip().upper()
    return next((booking for booking in bookings if str(booking.id) == chosen or booking.code == typed_code), None)


def _handle_choice(ctx: Context, _flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    if picked(turn) == LEAVE_CHOICE:
        yield from perform(LeaveWaitlist(ctx.conversation))
        return Finish(ctx.say("booking.wait_left", ctx.menu_button))
    booking = yield from _own_booking(ctx, picked(turn) or turn.text)
    return GoTo("what", {"booking": str(booking.id), "code": booking.code}) if booking else NotHandled()


def _prompt_action(ctx: Context, flow_state: FlowState) -> PromptResult:
    buttons = [
        tap(ctx.text("button.change"), f"#chon {CHANGE_CHOICE}"),
        tap(ctx.text("button.cancel_booking"), f"#chon {CANCEL_CHOICE}"),
    ]
    return Ask(ctx.say("booking.what_to_do", *buttons, code=flow_state.slots["code"]))


def _handle_action(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    booking = yield from _own_booking(ctx, flow_state.slots["booking"])
    if booking is None:
        return Finish(ctx.say("booking.too_late"), "refused")
    match picked(turn):
        case "doi":
            buttons = [
                tap(
                    ctx.text("button.other_day"), f"#lam f_dat_lich doi {booking.id} {booking.service} {booking.office}"
                )
            ]
            return Finish(ctx.say("booking.entry", *buttons, code=booking.code, **_booking_fields(ctx, booking)))
        case "bo":
            return GoTo("sure")
        case _:
            return NotHandled()


def _prompt_cancel(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    booking = yield from _own_booking(ctx, flow_state.slots["booking"])
    if booking is None:
        return Finish(ctx.say("booking.too_late"), "refused")
    fields = _booking_fields(ctx, booking)
    text = ctx.text("booking.ask_cancel", code=booking.code, day=fields["day"], time=fields["time"])
    return Ask(compose(text, yes_no_buttons(ctx)))


def _handle_cancel(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    answer = parsing.yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Retry(ctx.say("common.yes_or_no"))
    if not answer:
        return GoTo("list")
    booking_id = UUID(flow_state.slots["booking"])
    is_cancelled = yield from perform(CancelBooking(booking_id, ctx.conversation))
    if is_cancelled is not True:
        return Finish(ctx.say("booking.too_late"), "refused")
    yield from perform(CancelReminders((booking_id,)))
    return Finish(ctx.say("booking.cancelled", ctx.menu_button, code=flow_state.slots["code"]))


MY_APPOINTMENTS = Flow(
    "f_lich_hen",
    {
        "list": Step(_prompt_list, _handle_choice),
        "what": Step(pure(_prompt_action), _handle_action),
        "sure": Step(_prompt_cancel, _handle_cancel),
    },
    "list",
)
