"""Seats and the waiting list."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from loa.talk.player import Handlers
from services.chatbot.features.appointments.effects import (
    Booking,
    CancelBooking,
    ConfirmSeat,
    HoldSeat,
    JoinWaitlist,
    LeaveWaitlist,
    MyBookings,
    TakenSeats,
    booking_code,
)


@dataclass(slots=True)
class Appointments:
    """`full` are the slots that others have taken."""

    full: frozenset[datetime] = frozenset()
    held: dict[UUID, HoldSeat] = field(default_factory=dict)
    confirmed: dict[UUID, Booking] = field(default_factory=dict)
    waiting: list[JoinWaitlist] = field(default_factory=list)

    def handlers(self) -> Handlers:
        return {
            TakenSeats: self.taken,
            HoldSeat: self.hold,
            ConfirmSeat: self.confirm,
            MyBookings: self.mine,
            CancelBooking: lambda effect: self.confirmed.pop(effect.booking, None) is not None,
            JoinWaitlist: self.join,
            LeaveWaitlist: self.leave,
        }

    def taken(self, query: TakenSeats) -> Mapping[datetime, int]:
        own = [booking for booking in self.confirmed.values() if booking.id != query.besides]
        return Counter({**dict.fromkeys(self.full, 1_000), **Counter(booking.starts for booking in own)})

    def hold(self, effect: HoldSeat) -> bool:
        if effect.starts in self.full:
            return False
        self.held[effect.booking] = effect
        return True

    def confirm(self, effect: ConfirmSeat) -> bool:
        seat = self.held.pop(effect.booking, None)
        if seat is None or seat.until <= effect.now:
            return False
        if effect.instead_of is not None:
            self.confirmed.pop(effect.instead_of, None)
        code = booking_code(effect.booking)
        self.confirmed[effect.booking] = Booking(
            effect.booking, code, seat.service, seat.office, seat.starts, "confirmed"
        )
        return True

    def mine(self, query: MyBookings) -> tuple[Booking, ...]:
        coming = (booking for booking in self.confirmed.values() if booking.starts > query.now)
        return tuple(sorted(coming, key=lambda booking: booking.starts))

    def join(self, effect: JoinWaitlist) -> int:
        self.waiting.append(effect)
        return len(self.waiting)

    def leave(self, _: LeaveWaitlist) -> bool:
        was_waiting = bool(self.waiting)
        self.waiting.clear()
        return was_waiting
