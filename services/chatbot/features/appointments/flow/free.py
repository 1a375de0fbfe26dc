"""Which slots of a day still have a seat."""

from datetime import UTC, date, timedelta
from uuid import UUID

from services.chatbot.content.slots import Slot, bookable
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.state import FlowState
from services.chatbot.features.appointments.effects import TakenSeats
from services.chatbot.features.appointments.flow.confirm import service_of


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
