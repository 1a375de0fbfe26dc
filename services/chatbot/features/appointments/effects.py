"""Appointments: effects on seats. Claims are idempotent: a booking's id is derived from its turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from chassis.codes import readable_code
from services.chatbot.dialogue.effects import Effect

HOLD = timedelta(minutes=10)  # A seat chosen and not yet confirmed.
OFFER_HOLD = timedelta(minutes=30)  # A seat offered from the waiting list.
MAX_BOOKINGS = 3  # Coming appointments of one citizen with one OA.


def booking_code(booking: UUID) -> str:
    return readable_code("LH", booking.int)


@dataclass(frozen=True, slots=True)
class Booking:
    id: UUID
    code: str
    service: str
    office: str
    starts: datetime
    state: str  # held, confirmed, present


@dataclass(frozen=True, slots=True)
class TakenSeats(Effect[Mapping[datetime, int]]):
    """How many seats of each slot are taken between two times, not counting `besides`; slots without any are left out."""

    service: str
    office: str
    since: datetime
    until: datetime
    now: datetime
    besides: UUID | None = None


@dataclass(frozen=True, slots=True)
class HoldSeat(Effect[bool]):
    """Claim one of `capacity` seats until `until`. Results in False when all are taken. Repeating it keeps the seat."""

    booking: UUID
    conversation: str
    oa_id: str
    service: str
    office: str
    starts: datetime
    capacity: int
    now: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class ConfirmSeat(Effect[bool]):
    """Make a held seat one's own; `instead_of` is given back in the same breath. False when the hold had expired."""

    booking: UUID
    conversation: str
    oa_id: str
    now: datetime
    name: str = field(default="", repr=False)
    instead_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class MyBookings(Effect[tuple[Booking, ...]]):
    """Confirmed and still to come, the soonest first."""

    conversation: str
    now: datetime


@dataclass(frozen=True, slots=True)
class CancelBooking(Effect[bool]):
    """Cancel. False when it is not theirs, or was cancelled before."""

    booking: UUID
    conversation: str


@dataclass(frozen=True, slots=True)
class JoinWaitlist(Effect[int]):
    """Wait for any seat of a service at an office; answered with one's place, 1 for the next."""

    id: UUID
    conversation: str
    oa_id: str
    service: str
    office: str
    since: datetime
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class LeaveWaitlist(Effect[bool]):
    conversation: str
