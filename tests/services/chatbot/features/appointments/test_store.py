"""Seats on a real MongoDB: never two citizens in one, whatever they do at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from chassis.mongo import Database, database
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.features.appointments.effects import (
    CancelBooking,
    ConfirmSeat,
    HoldSeat,
    JoinWaitlist,
    MyBookings,
    booking_code,
)
from services.chatbot.features.appointments.jobs import SeatOffers
from services.chatbot.features.appointments.store.seats import Seats
from services.chatbot.features.appointments.store.waitlist import Waitlist
from services.chatbot.reminders.store import Reminders
from tests.doubles import BODIES, NOON

pytestmark = pytest.mark.live


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    name = f"seats_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as mongo_db:
        yield mongo_db
        await mongo_db.client.drop_database(name)


def hold_request(citizen: int, starts: datetime, now: datetime = NOON, capacity: int = 2) -> HoldSeat:
    booking = UUID(int=citizen + 1)
    return HoldSeat(booking, f"c{citizen}", "1", "dl", "ca", starts, capacity, now, now + timedelta(minutes=10))


async def test_a_hundred_citizens_at_once_share_two_seats_among_exactly_two(db: Database) -> None:
    seats = Seats(db.seats, BODIES)
    await seats.prepare()
    held = await asyncio.gather(
        *(seats.hold(hold_request(citizen, NOON + timedelta(days=1))) for citizen in range(100))
    )
    assert sum(held) == 2
    assert await db.seats.count_documents({}) == 2
    winners = [citizen for citizen, won in enumerate(held) if won]
    again = await asyncio.gather(
        *(seats.hold(hold_request(citizen, NOON + timedelta(days=1))) for citizen in range(100))
    )
    assert [citizen for citizen, won in enumerate(again) if won] == winners, (
        "asking again keeps the seat, and takes no other"
    )


async def test_a_hold_that_ran_out_goes_to_the_next_and_cannot_be_confirmed(db: Database) -> None:
    seats, starts = Seats(db.seats, BODIES), NOON + timedelta(days=1)
    assert await seats.hold(hold_request(1, starts, capacity=1))
    assert not await seats.hold(hold_request(2, starts, capacity=1))
    later = NOON + timedelta(minutes=11)
    assert await seats.hold(hold_request(2, starts, later, capacity=1))
    assert not await seats.confirm(ConfirmSeat(UUID(int=2), "c1", "1", later, "Một"))
    assert await seats.confirm(ConfirmSeat(UUID(int=3), "c2", "1", later, "Hai"))


async def test_another_citizens_appointment_is_neither_seen_nor_cancelled(db: Database) -> None:
    seats = Seats(db.seats, BODIES)
    await seats.hold(hold_request(1, NOON + timedelta(days=1)))
    await seats.confirm(ConfirmSeat(UUID(int=2), "c1", "1", NOON, "Một"))
    assert await seats.mine(MyBookings("c2", NOON)) == ()
    assert not await seats.cancel(CancelBooking(UUID(int=2), "c2"))
    assert len(await seats.mine(MyBookings("c1", NOON))) == 1


async def test_a_freed_seat_is_offered_once_to_who_waits_longest(db: Database, content: Content) -> None:
    seats, waiting, reminders = Seats(db.seats, BODIES), Waitlist(db.waiting), Reminders(db.bells, BODIES)
    office = content.services["dl_can_cuoc"].offices[0]
    for number in (1, 2):
        since = NOON + timedelta(minutes=number)
        await waiting.join(JoinWaitlist(UUID(int=number), f"c{number}", "1", "dl_can_cuoc", office, since, "sealed"))
    offers = SeatOffers(ContentEditions(content), seats, waiting, reminders, lambda: NOON)
    for entry in await offers.claim(frozenset()):
        await offers.offer(entry)
    reminder = reminders.opened(*await reminders.due(NOON, 10))
    assert reminder.conversation == "c1"
    assert "#lam f_dat_lich nhan" in reminder.parts[-1].buttons[0].payload
    assert [entry.conversation for entry in await waiting.first_of_each(10)] == ["c2"]


async def test_a_code_checks_in_on_its_day_only(db: Database) -> None:
    seats, starts = Seats(db.seats, BODIES), NOON + timedelta(days=1)
    await seats.hold(hold_request(1, starts))
    await seats.confirm(ConfirmSeat(UUID(int=2), "c1", "1", NOON, "Một"))
    code = booking_code(UUID(int=2))
    assert await seats.check_in(code, NOON, NOON + timedelta(hours=1)) is None
    booking = await seats.check_in(code, starts - timedelta(hours=5), starts + timedelta(hours=5))
    assert booking is not None
    assert booking.code == code
