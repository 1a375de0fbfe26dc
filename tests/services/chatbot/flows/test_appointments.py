"""Appointments as chats, with seats in memory; and on a real MongoDB: never two citizens in one seat."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from chassis.mongo import Database, database
from services.chatbot.bells import MuteBells, SetBell
from services.chatbot.booking import (
    Booking,
    ConfirmSeat,
    GiveBack,
    HoldSeat,
    JoinWaiting,
    LeaveWaiting,
    MyBookings,
    TakenSeats,
    booking_code,
)
from services.chatbot.content.content import Content
from services.chatbot.content.shelf import Shelf
from services.chatbot.decision import EndErrand
from services.chatbot.offers import Offers
from services.chatbot.store import Bells, Seats, WaitingList
from tests.doubles import BODIES, NOON
from tests.services.chatbot.player import Chat


@dataclass
class Desk:
    """Seats in memory, for the chats; the rules of claiming are tested on the real store below."""

    held: dict[UUID, HoldSeat] = field(default_factory=dict)
    mine: dict[UUID, Booking] = field(default_factory=dict)
    bells: dict[UUID, SetBell] = field(default_factory=dict)
    full: bool = False

    def taken(self, one: TakenSeats) -> dict[datetime, int]:
        hours = (one.since + timedelta(minutes=minutes) for minutes in range(0, 60 * 24 * 2, 5))
        return dict.fromkeys(hours, 99) if self.full else {}

    def hold(self, one: HoldSeat) -> bool:
        self.held[one.booking] = one
        return True

    def confirm(self, one: ConfirmSeat) -> bool:
        seat = self.held[one.booking]
        if seat.until <= one.now:
            return False
        self.mine.pop(one.instead_of, None) if one.instead_of else None
        code = booking_code(one.booking)
        self.mine[one.booking] = Booking(one.booking, code, seat.service, seat.office, seat.starts, "confirmed")
        return True

    def bookings(self, one: MyBookings) -> tuple[Booking, ...]:
        return tuple(booking for booking in self.mine.values() if booking.starts > one.now)

    def give_back(self, one: GiveBack) -> bool:
        return self.mine.pop(one.booking, None) is not None or self.held.pop(one.booking, None) is not None

    def set_bell(self, one: SetBell) -> bool:
        self.bells[one.id] = one
        return True

    def mute(self, one: MuteBells) -> bool:
        return all(self.bells.pop(bell, None) for bell in one.ids)


@pytest.fixture
def desk(chat: Chat) -> Desk:
    one = Desk()
    chat.answers |= {
        TakenSeats: one.taken, HoldSeat: one.hold, ConfirmSeat: one.confirm, MyBookings: one.bookings, GiveBack: one.give_back,
        SetBell: one.set_bell, MuteBells: one.mute, JoinWaiting: lambda _: 2, LeaveWaiting: lambda _: True,
    }  # fmt: skip
    return one


def book(chat: Chat) -> None:
    chat.says("#lam f_dat_lich cc_doi")
    chat.says(chat.buttons[0].payload)
    chat.says(chat.buttons[0].payload)
    chat.taps("Xác nhận")
    chat.says("Trần Văn Thử")


def test_a_seat_is_booked_in_five_taps_and_a_name(chat: Chat, desk: Desk) -> None:
    book(chat)
    assert "Đã đặt lịch" in chat.last
    assert "LH-" in chat.last
    assert chat.did(EndErrand) == [EndErrand("f_dat_lich", "done")]
    assert any(part.image is not None for part in chat.parts), "a QR code to check in with"
    assert len(desk.mine) == 1


def test_the_reminder_rings_at_nine_the_day_before(chat: Chat, desk: Desk) -> None:
    chat.says("#lam f_dat_lich cc_doi")
    chat.says(chat.buttons[3].payload)
    chat.says(chat.buttons[0].payload)
    chat.taps("Xác nhận")
    chat.says("Trần Văn Thử")
    (bell,) = desk.bells.values()
    (booking,) = desk.mine.values()
    assert timedelta(hours=14) < booking.starts - bell.due < timedelta(hours=33)


def test_day_and_hour_may_be_typed(chat: Chat, desk: Desk) -> None:
    chat.says("#lam f_dat_lich cc_doi")
    chat.says("mai")
    chat.says("9h30")
    assert "09:30" in chat.last
    assert desk.held


def test_a_holiday_is_said_to_be_one(chat: Chat, desk: Desk) -> None:
    chat.now = NOON.replace(month=4, day=20)
    chat.says("#lam f_dat_lich cc_doi")
    chat.says("30/4")
    assert "ngày nghỉ" in chat.last
    assert not desk.held


def test_a_full_office_offers_the_waiting_list(chat: Chat, desk: Desk) -> None:
    desk.full = True
    chat.says("#lam f_dat_lich cc_doi")
    chat.says(chat.buttons[0].payload)
    assert "thứ 2" in chat.last


def test_a_hold_that_ran_out_is_not_confirmed(chat: Chat, desk: Desk) -> None:
    chat.says("#lam f_dat_lich cc_doi")
    chat.says(chat.buttons[0].payload)
    chat.says(chat.buttons[0].payload)
    chat.taps("Xác nhận")
    chat.now += timedelta(minutes=20)
    chat.says("Trần Văn Thử")
    assert "hết hạn" in chat.last
    assert not desk.mine


def test_an_appointment_is_changed_and_the_old_seat_given_back(chat: Chat, desk: Desk) -> None:
    book(chat)
    (old,) = desk.mine
    chat.says("#lam f_lich_hen")
    chat.says(chat.buttons[0].payload)
    chat.taps("Đổi")
    chat.says(chat.buttons[0].payload)
    chat.says(chat.buttons[1].payload)
    chat.says(chat.buttons[1].payload)
    chat.taps("Xác nhận")
    chat.says("Trần Văn Thử")
    assert old not in desk.mine
    assert len(desk.mine) == 1


def test_an_appointment_is_cancelled_after_asking(chat: Chat, desk: Desk) -> None:
    book(chat)
    chat.says("#lam f_lich_hen")
    chat.says(chat.buttons[0].payload)
    chat.taps("Huỷ")
    chat.says("có")
    assert not desk.mine
    assert not desk.bells


@pytest.mark.usefixtures("desk")
def test_nobody_books_more_than_three(chat: Chat) -> None:
    for _ in range(3):
        book(chat)
    chat.says("#lam f_dat_lich cc_doi")
    assert "đủ số cho phép" in chat.last


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    name = f"seats_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as one:
        yield one
        await one.client.drop_database(name)


def claim(citizen: int, starts: datetime, now: datetime = NOON, capacity: int = 2) -> HoldSeat:
    booking = UUID(int=citizen + 1)
    return HoldSeat(booking, f"c{citizen}", "1", "dl", "ca", starts, capacity, now, now + timedelta(minutes=10))


@pytest.mark.live
async def test_a_hundred_citizens_at_once_share_two_seats_among_exactly_two(db: Database) -> None:
    seats = Seats(db.seats, BODIES)
    await seats.prepare()
    held = await asyncio.gather(*(seats.hold(claim(citizen, NOON + timedelta(days=1))) for citizen in range(100)))
    assert sum(held) == 2
    assert await db.seats.count_documents({}) == 2
    winners = [citizen for citizen, won in enumerate(held) if won]
    again = await asyncio.gather(*(seats.hold(claim(citizen, NOON + timedelta(days=1))) for citizen in range(100)))
    assert [citizen for citizen, won in enumerate(again) if won] == winners, (
        "asking again keeps the seat, and takes no other"
    )


@pytest.mark.live
async def test_a_hold_that_ran_out_goes_to_the_next_and_cannot_be_confirmed(db: Database) -> None:
    seats, starts = Seats(db.seats, BODIES), NOON + timedelta(days=1)
    assert await seats.hold(claim(1, starts, capacity=1))
    assert not await seats.hold(claim(2, starts, capacity=1))
    later = NOON + timedelta(minutes=11)
    assert await seats.hold(claim(2, starts, later, capacity=1))
    assert not await seats.confirm(ConfirmSeat(UUID(int=2), "c1", "1", later, "Một"))
    assert await seats.confirm(ConfirmSeat(UUID(int=3), "c2", "1", later, "Hai"))


@pytest.mark.live
async def test_another_citizens_appointment_is_neither_seen_nor_cancelled(db: Database) -> None:
    seats = Seats(db.seats, BODIES)
    await seats.hold(claim(1, NOON + timedelta(days=1)))
    await seats.confirm(ConfirmSeat(UUID(int=2), "c1", "1", NOON, "Một"))
    assert await seats.mine(MyBookings("c2", NOON)) == ()
    assert not await seats.give_back(GiveBack(UUID(int=2), "c2"))
    assert len(await seats.mine(MyBookings("c1", NOON))) == 1


@pytest.mark.live
async def test_a_freed_seat_is_offered_once_to_who_waits_longest(db: Database, content: Content) -> None:
    seats, waiting, bells = Seats(db.seats, BODIES), WaitingList(db.waiting), Bells(db.bells, BODIES)
    office = content.services["dl_can_cuoc"].offices[0]
    for number in (1, 2):
        since = NOON + timedelta(minutes=number)
        await waiting.join(JoinWaiting(UUID(int=number), f"c{number}", "1", "dl_can_cuoc", office, since, "sealed"))
    offers = Offers(Shelf(content), seats, waiting, bells)
    assert await offers.sweep(NOON) == 1
    (bell,) = await bells.due(NOON, 10)
    assert bell.conversation == "c1"
    assert "#lam f_dat_lich nhan" in bell.parts[-1].buttons[0].payload
    assert [one.conversation for one in await waiting.firsts(10)] == ["c2"]


@pytest.mark.live
async def test_a_code_checks_in_on_its_day_only(db: Database) -> None:
    seats, starts = Seats(db.seats, BODIES), NOON + timedelta(days=1)
    await seats.hold(claim(1, starts))
    await seats.confirm(ConfirmSeat(UUID(int=2), "c1", "1", NOON, "Một"))
    code = booking_code(UUID(int=2))
    assert await seats.check_in(code, NOON, NOON + timedelta(hours=1)) is None
    found = await seats.check_in(code, starts - timedelta(hours=5), starts + timedelta(hours=5))
    assert found is not None
    assert found.code == code
