"""Appointments as chats, with seats in memory. The rules of claiming are tested on the real store: test_seats.py."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from loa.talk.player import Chat
from services.chatbot.dialogue.actions import EndFlow
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
from services.chatbot.reminders.effects import CancelReminders, ScheduleReminder
from tests.doubles import NOON


@dataclass
class InMemorySeats:
    """Seats in memory, for the chats; the rules of claiming are tested on the real store below."""

    held: dict[UUID, HoldSeat] = field(default_factory=dict)
    mine: dict[UUID, Booking] = field(default_factory=dict)
    reminders: dict[UUID, ScheduleReminder] = field(default_factory=dict)
    full: bool = False

    def taken(self, query: TakenSeats) -> dict[datetime, int]:
        hours = (query.since + timedelta(minutes=minutes) for minutes in range(0, 60 * 24 * 2, 5))
        return dict.fromkeys(hours, 99) if self.full else {}

    def hold(self, request: HoldSeat) -> bool:
        self.held[request.booking] = request
        return True

    def confirm(self, request: ConfirmSeat) -> bool:
        seat = self.held[request.booking]
        if seat.until <= request.now:
            return False
        self.mine.pop(request.instead_of, None) if request.instead_of else None
        code = booking_code(request.booking)
        self.mine[request.booking] = Booking(request.booking, code, seat.service, seat.office, seat.starts, "confirmed")
        return True

    def bookings(self, query: MyBookings) -> tuple[Booking, ...]:
        return tuple(booking for booking in self.mine.values() if booking.starts > query.now)

    def give_back(self, request: CancelBooking) -> bool:
        return self.mine.pop(request.booking, None) is not None or self.held.pop(request.booking, None) is not None

    def schedule_reminder(self, reminder: ScheduleReminder) -> bool:
        self.reminders[reminder.id] = reminder
        return True

    def cancel_reminders(self, request: CancelReminders) -> bool:
        return all(self.reminders.pop(reminder_id, None) for reminder_id in request.ids)


@pytest.fixture
def seats(chat: Chat) -> InMemorySeats:
    in_memory = InMemorySeats()
    chat.handlers |= {
        TakenSeats: in_memory.taken, HoldSeat: in_memory.hold, ConfirmSeat: in_memory.confirm, MyBookings: in_memory.bookings,
        CancelBooking: in_memory.give_back,
        ScheduleReminder: in_memory.schedule_reminder, CancelReminders: in_memory.cancel_reminders,
        JoinWaitlist: lambda _: 2, LeaveWaitlist: lambda _: True,
    }  # fmt: skip
    return in_memory


def book(chat: Chat) -> None:
    chat.says("#lam f_dat_lich cc_doi")
    chat.says(chat.buttons[0].payload)
    chat.says(chat.buttons[0].payload)
    chat.presses("Xác nhận")
    chat.says("Trần Văn Thử")


def test_a_seat_is_booked_in_five_taps_and_a_name(chat: Chat, seats: InMemorySeats) -> None:
    book(chat)
    assert "Đã đặt lịch" in chat.last
    assert "LH-" in chat.last
    assert chat.actions(EndFlow) == [EndFlow("f_dat_lich", "done")]
    assert any(part.image is not None for part in chat.parts), "a QR code to check in with"
    assert len(seats.mine) == 1


def test_the_reminder_comes_at_nine_the_day_before(chat: Chat, seats: InMemorySeats) -> None:
    chat.says("#lam f_dat_lich cc_doi")
    chat.says(chat.buttons[3].payload)
    chat.says(chat.buttons[0].payload)
    chat.presses("Xác nhận")
    chat.says("Trần Văn Thử")
    (reminder,) = seats.reminders.values()
    (booking,) = seats.mine.values()
    assert timedelta(hours=14) < booking.starts - reminder.due < timedelta(hours=33)


def test_day_and_hour_may_be_typed(chat: Chat, seats: InMemorySeats) -> None:
    chat.says("#lam f_dat_lich cc_doi")
    chat.says("mai")
    chat.says("9h30")
    assert "09:30" in chat.last
    assert seats.held


def test_a_holiday_is_said_to_be_one(chat: Chat, seats: InMemorySeats) -> None:
    chat.now = NOON.replace(month=4, day=20)
    chat.says("#lam f_dat_lich cc_doi")
    chat.says("30/4")
    assert "ngày nghỉ" in chat.last
    assert not seats.held


def test_a_full_office_offers_the_waiting_list(chat: Chat, seats: InMemorySeats) -> None:
    seats.full = True
    chat.says("#lam f_dat_lich cc_doi")
    chat.says(chat.buttons[0].payload)
    assert "thứ 2" in chat.last


def test_a_hold_that_ran_out_is_not_confirmed(chat: Chat, seats: InMemorySeats) -> None:
    chat.says("#lam f_dat_lich cc_doi")
    chat.says(chat.buttons[0].payload)
    chat.says(chat.buttons[0].payload)
    chat.presses("Xác nhận")
    chat.now += timedelta(minutes=20)
    chat.says("Trần Văn Thử")
    assert "hết hạn" in chat.last
    assert not seats.mine


def test_an_appointment_is_changed_and_the_old_seat_given_back(chat: Chat, seats: InMemorySeats) -> None:
    book(chat)
    (old,) = seats.mine
    chat.says("#lam f_lich_hen")
    chat.says(chat.buttons[0].payload)
    chat.presses("Đổi")
    chat.says(chat.buttons[0].payload)
    chat.says(chat.buttons[1].payload)
    chat.says(chat.buttons[1].payload)
    chat.presses("Xác nhận")
    chat.says("Trần Văn Thử")
    assert old not in seats.mine
    assert len(seats.mine) == 1


def test_an_appointment_is_cancelled_after_asking(chat: Chat, seats: InMemorySeats) -> None:
    book(chat)
    chat.says("#lam f_lich_hen")
    chat.says(chat.buttons[0].payload)
    chat.presses("Huỷ")
    chat.says("có")
    assert not seats.mine
    assert not seats.reminders


@pytest.mark.usefixtures("seats")
def test_nobody_books_more_than_three(chat: Chat) -> None:
    for _ in range(3):
        book(chat)
    chat.says("#lam f_dat_lich cc_doi")
    assert "đủ số cho phép" in chat.last
