"""Appointments as chats, with seats in memory. The rules of claiming are tested on the real store: test_seats.py."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest

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
from services.chatbot.decision import EndErrand
from tests.doubles import NOON
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
