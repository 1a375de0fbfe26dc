"""A turn that is decided again after a crash finds the seat that it already holds, and takes no other."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from contracts.message import InboundMessage, Kind
from loa.talk.player import Chat
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.appointments.effects import HoldSeat, MyBookings, TakenSeats
from tests.doubles import message_received


@dataclass
class OneFreeSeat:
    """Every slot has as many seats as it may, all but one of them taken by others."""

    held: dict[datetime, UUID] = field(default_factory=dict)

    def taken(self, query: TakenSeats) -> dict[datetime, int]:
        return {starts: 99 for starts, booking in self.held.items() if booking != query.besides}

    def hold(self, request: HoldSeat) -> bool:
        return self.held.setdefault(request.starts.astimezone(UTC), request.booking) == request.booking


def test_the_same_turn_twice_holds_one_seat_and_says_the_same(chat: Chat) -> None:
    seats = OneFreeSeat()
    chat.handlers |= {TakenSeats: seats.taken, HoldSeat: seats.hold, MyBookings: lambda _: ()}
    chat.says("#lam f_dat_lich cc_doi")
    chat.says(chat.buttons[0].payload)
    stored, now, payload = chat.state, chat.now, chat.buttons[0].payload
    event = message_received(payload, oa_id=chat.oa_id, at=now)
    replies = []
    for _ in range(2):
        chat.state, chat.now = stored, now
        replies.append(chat.play(Turn.from_message(event, Kind.TEXT, InboundMessage(text=payload))))
    assert "Tôi giữ chỗ" in replies[0][0].text
    assert replies[0] == replies[1]
    assert len(seats.held) == 1


def test_another_day_may_be_chosen_when_the_hours_are_shown(chat: Chat) -> None:
    chat.handlers |= {TakenSeats: lambda _: {}, MyBookings: lambda _: ()}
    chat.says("#lam f_dat_lich cc_doi")
    days = [button for button in chat.buttons if "/" in button.title]
    chat.says(days[0].payload)
    chat.says(days[1].payload)
    assert days[1].title in chat.last
    chat.says(days[0].title.split()[-1])
    assert days[0].title in chat.last
