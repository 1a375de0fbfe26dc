"""The end of a booking: confirm the seat that is held, give a name, get the ticket; or wait in line for a seat."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from chassis.clock import VIETNAM
from contracts.message import Asset, Button, MessagePart
from contracts.text import has_digit
from services.chatbot.content.models.service import Service
from services.chatbot.content.slots import Slot, bookable
from services.chatbot.dialogue import parsing
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import Ask, Finish, GoTo, HandleResult, PromptResult, Retry, picked
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.appointments.effects import HOLD, ConfirmSeat, JoinWaitlist, TakenSeats, booking_code
from services.chatbot.reminders.effects import CancelReminders, ScheduleReminder


def service_of(ctx: Context, flow_state: FlowState) -> Service:
    return ctx.content.services[flow_state.slots["service"]]


def starts_of(flow_state: FlowState) -> datetime:
    return datetime.fromisoformat(flow_state.slots["starts"])


def appointment_fields(flow_state: FlowState, ctx: Context) -> dict[str, str]:
    """The places that most sentences about an appointment have."""
    local = starts_of(flow_state).astimezone(VIETNAM)
    office = ctx.content.office_index.offices[flow_state.slots["office"]]
    return {
        "service": service_of(ctx, flow_state).short,
        "office": office.name,
        "day": f"{local:%d/%m/%Y}",
        "time": f"{local:%H:%M}",
    }


def prompt_confirm(ctx: Context, flow_state: FlowState) -> PromptResult:
    fields = appointment_fields(flow_state, ctx)
    text = ctx.text("booking.held", day=fields["day"], time=fields["time"], minutes=int(HOLD.total_seconds() // 60))
    return Ask(
        compose(text, [tap(ctx.text("button.confirm"), "#chon co"), tap(ctx.text("button.other"), "#chon khac")])
    )


def handle_confirm(ctx: Context, flow_state: FlowState, turn: Turn) -> HandleResult:
    answer = parsing.yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return GoTo("slot") if picked(turn) == "khac" else Retry(ctx.say("common.yes_or_no"))
    if not answer:
        return GoTo("slot")
    return GoTo("done", {"name": flow_state.slots["name"]}) if flow_state.slots.get("name") else GoTo("name")


def prompt_name(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("booking.ask_name"))


def handle_name(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    name = " ".join(turn.text.split())
    usable = 2 <= len(name) <= 80 and not has_digit(name)  # noqa: PLR2004
    return GoTo("done", {"name": name}) if usable else Retry(ctx.say("booking.ask_name"))


def confirm_seat(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    booking = UUID(flow_state.slots["booking"])
    earlier_booking = UUID(flow_state.slots["change"]) if "change" in flow_state.slots else None
    is_confirmed = yield from perform(
        ConfirmSeat(booking, ctx.conversation, ctx.oa.oa_id, ctx.now, flow_state.slots.get("name", ""), earlier_booking)
    )
    if is_confirmed is not True:
        return GoTo("slot", parts=ctx.say("booking.hold_expired"))
    fields = appointment_fields(flow_state, ctx)
    if earlier_booking is not None:
        yield from perform(CancelReminders((earlier_booking,)))
    scheduled = day_before_reminder(ctx, flow_state, booking, fields)
    if scheduled.due > ctx.now:
        yield from perform(scheduled)
    return Finish(ticket(ctx, flow_state, booking, fields))


def day_before_reminder(
    ctx: Context, flow_state: FlowState, booking: UUID, fields: Mapping[str, str]
) -> ScheduleReminder:
    """At nine the day before. Who books later than that needs no reminder."""
    starts = starts_of(flow_state).astimezone(VIETNAM)
    due = datetime.combine(starts.date() - timedelta(days=1), parsing.NINE, VIETNAM).astimezone(UTC)
    message = ctx.say(
        "booking.reminder", tap(ctx.text("button.change"), "#lam f_lich_hen"), code=booking_code(booking), **fields
    )
    return ScheduleReminder(booking, ctx.conversation, ctx.oa.oa_id, ctx.address, due, message)


def ticket(ctx: Context, flow_state: FlowState, booking: UUID, fields: Mapping[str, str]) -> tuple[MessagePart, ...]:
    code = booking_code(booking)
    office = ctx.content.office_index.offices[flow_state.slots["office"]]
    text = ctx.text("booking.confirmed", address=office.address, code=code, **fields)
    bring = service_of(ctx, flow_state).bring
    qr = Asset(url=f"loa:/checkin/{code}.png", name=f"{code}.png", media_type="image/png")
    return (
        *compose(f"{text}\n{ctx.text('booking.bring', bring=bring)}" if bring else text),
        MessagePart(text=code, image=qr, buttons=next_buttons(ctx)),
    )


def next_buttons(ctx: Context) -> tuple[Button, ...]:
    return (tap(ctx.text("button.change"), "#lam f_lich_hen"), ctx.menu_button)


def join_waitlist(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    service, office = service_of(ctx, flow_state), flow_state.slots["office"]
    position = yield from perform(
        JoinWaitlist(ctx.id_for("waiting"), ctx.conversation, ctx.oa.oa_id, service.id, office, ctx.now, ctx.address)
    )
    if isinstance(position, Unavailable):
        return Finish(ctx.say("common.unavailable"), "refused")
    name = ctx.content.office_index.offices[office].name
    return Finish(ctx.say("booking.waiting", place=position, service=service.short, office=name))


def free_slots(
    ctx: Context, flow_state: FlowState, day: date, own_booking: UUID | None = None
) -> EffectProcess[list[Slot] | Unavailable]:
    """`mine` is the booking that this very turn may have made before a crash: its seat is no stranger's."""
    service = service_of(ctx, flow_state)
    slots = bookable(service, ctx.content.calendar, ctx.now, day)
    if not slots:
        return []
    since, until = slots[0].starts.astimezone(UTC), slots[-1].starts.astimezone(UTC) + timedelta(seconds=1)
    taken = yield from perform(TakenSeats(service.id, flow_state.slots["office"], since, until, ctx.now, own_booking))
    if isinstance(taken, Unavailable):
        return taken
    return [slot for slot in slots if taken.get(slot.starts.astimezone(UTC), 0) < slot.capacity]
