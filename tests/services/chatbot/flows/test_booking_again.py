"""A turn that is decided again after a crash finds the seat that it already holds, and takes no other."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from contracts.message import Kind, Spoken
from services.chatbot.booking import HoldSeat, MyBookings, TakenSeats
from services.chatbot.turn import Turn
from tests.doubles import heard
from tests.services.chatbot.player import Chat


@dataclass
class OneSeat:
    """Every slot has as many seats as it may, all but one of them taken by others."""

    held: dict[datetime, UUID] = field(default_factory=dict)

    def taken(self, one: TakenSeats) -> dict[datetime, int]:
        return {starts: 99 for starts, booking in self.held.items() if booking != one.besides}

    def hold(self, one: HoldSeat) -> bool:
        return self.held.setdefault(one.starts.astimezone(UTC), one.booking) == one.booking


def test_the_same_turn_twice_holds_one_seat_and_says_the_same(chat: Chat) -> None:
    seats = OneSeat()
    chat.answers |= {TakenSeats: seats.taken, HoldSeat: seats.hold, MyBookings: lambda _: ()}
    chat.says("#lam f_dat_lich cc_doi")
    chat.says(chat.buttons[0].payload)
    before, now, payload = chat.after, chat.now, chat.buttons[0].payload
    event = heard(payload, oa_id=chat.oa_id, at=now)
    said = []
    for _ in range(2):
        chat.after, chat.now = before, now
        said.append(chat._turn(Turn.said(event, Kind.TEXT, Spoken(text=payload))))
    assert "Tôi giữ chỗ" in said[0][0].text
    assert said[0] == said[1]
    assert len(seats.held) == 1


def test_another_day_may_be_chosen_when_the_hours_are_shown(chat: Chat) -> None:
    chat.answers |= {TakenSeats: lambda _: {}, MyBookings: lambda _: ()}
    chat.says("#lam f_dat_lich cc_doi")
    days = [button for button in chat.buttons if "/" in button.title]
    chat.says(days[0].payload)
    chat.says(days[1].payload)
    assert days[1].title in chat.last
    chat.says(days[0].title.split()[-1])
    assert days[0].title in chat.last
