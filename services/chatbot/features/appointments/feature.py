"""Appointments: joined."""

from services.chatbot.dialogue.effects import Sequential
from services.chatbot.features.appointments.api import check_in_router, ticket_router
from services.chatbot.features.appointments.effects import (
    CancelBooking,
    ConfirmSeat,
    HoldSeat,
    JoinWaitlist,
    LeaveWaitlist,
    MyBookings,
    TakenSeats,
)
from services.chatbot.features.appointments.jobs import SeatOffers
from services.chatbot.features.appointments.store.seats import Seats
from services.chatbot.features.appointments.store.waitlist import Waitlist
from services.chatbot.features.feature import Deps, Feature, Parts


def _build(deps: Deps) -> Parts:
    seats, waitlist = Seats(deps.db.seats, deps.ring), Waitlist(deps.db.waiting)
    offers = SeatOffers(deps.editions, seats, waitlist, deps.reminders, deps.clock)
    return Parts(
        handlers={
            TakenSeats: Sequential(seats.taken),
            HoldSeat: Sequential(seats.hold),
            ConfirmSeat: Sequential(seats.confirm),
            MyBookings: Sequential(seats.mine),
            CancelBooking: Sequential(seats.cancel),
            JoinWaitlist: Sequential(waitlist.join),
            LeaveWaitlist: Sequential(waitlist.leave),
        },
        stores=(seats, waitlist),
        routers=(ticket_router(), check_in_router(seats, deps.auth, deps.audit)),
        jobs=(offers.job(),),
        erasers=(seats.forget, waitlist.forget),
    )


FEATURE = Feature(build=_build)
