"""Which slots of a day still have a seat."""

from datetime import UTC, date, timedelta
from uuid import UUID

from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.booking import TakenSeats
from services.chatbot.content.slots import Slot, bookable
from services.chatbot.context import Context
from services.chatbot.flows.booked import service_of
from services.chatbot.state import Run


def free_slots(ctx: Context, run: Run, day: date, mine: UUID | None = None) -> Asking[list[Slot] | Unavailable]:
    """`mine` is the booking that this very turn may have made before a crash: its seat is no stranger's."""
    service = service_of(ctx, run)
    slots = bookable(service, ctx.content.calendar, ctx.now, day)
    if not slots:
        return []
    since, until = slots[0].starts.astimezone(UTC), slots[-1].starts.astimezone(UTC) + timedelta(seconds=1)
    taken = yield from ask(TakenSeats(service.id, run.slots["office"], since, until, ctx.now, mine))
    if isinstance(taken, Unavailable):
        return taken
    return [slot for slot in slots if taken.get(slot.starts.astimezone(UTC), 0) < slot.capacity]
