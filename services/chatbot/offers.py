"""A seat that became free is offered to who waits longest, and held for them for half an hour."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from services.chatbot.bells import SetBell
from services.chatbot.booking import OFFER, HoldSeat, TakenSeats
from services.chatbot.content.content import Content
from services.chatbot.content.hours import VIETNAM
from services.chatbot.content.models.service import Service
from services.chatbot.content.shelf import Shelf
from services.chatbot.content.slots import Slot, bookable, days
from services.chatbot.speech import parts, tap
from services.chatbot.store.bells import Bells
from services.chatbot.store.seats import Seats
from services.chatbot.store.waiting import Waiting, WaitingList

LINES = 50  # Waiting lines looked at in one sweep.


@dataclass(frozen=True, slots=True)
class Offers:
    shelf: Shelf
    seats: Seats
    waiting: WaitingList
    bells: Bells

    async def sweep(self, now: datetime) -> int:
        """How many were offered a seat. Held first, then told, then taken off the list: a crash repeats harmlessly."""
        offered = 0
        for one in await self.waiting.firsts(LINES):
            service = self.shelf.current.services.get(one.service)
            slot = await self._free(service, one, now) if service else None
            if service is not None and slot is not None and await self._hold(one, slot, now):
                await self.bells.answer([self._told(self.shelf.current, service, one, slot, now)])
                await self.waiting.served(one)
                offered += 1
        return offered

    async def _free(self, service: Service, one: Waiting, now: datetime) -> Slot | None:
        calendar = self.shelf.current.calendar
        until = now + timedelta(days=service.horizon_days + 1)
        taken = await self.seats.taken(TakenSeats(service.id, one.office, now, until, now))
        slots = (slot for day in days(service, calendar, now) for slot in bookable(service, calendar, now, day))
        return next((slot for slot in slots if taken.get(slot.starts.astimezone(UTC), 0) < slot.capacity), None)

    async def _hold(self, one: Waiting, slot: Slot, now: datetime) -> bool:
        starts = slot.starts.astimezone(UTC)
        place = (one.service, one.office, starts, slot.capacity)
        return await self.seats.hold(HoldSeat(_booking(one), one.conversation, one.oa_id, *place, now, now + OFFER))

    def _told(self, content: Content, service: Service, one: Waiting, slot: Slot, now: datetime) -> SetBell:
        office = content.directory.offices[one.office].name
        local = slot.starts.astimezone(VIETNAM)
        oa = content.oas.get(one.oa_id)
        texts = content.texts_of(oa.pack) if oa else content.texts
        minutes = int(OFFER.total_seconds() // 60)
        text = texts.say(
            "booking.wait_offer",
            service=service.short,
            office=office,
            time=f"{local:%H:%M}",
            day=f"{local:%d/%m}",
            minutes=minutes,
        )
        place = f"{one.service} {one.office} {slot.starts.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        buttons = [tap(texts.say("button.confirm"), f"#lam f_dat_lich nhan {_booking(one)} {place}")]
        return SetBell(_booking(one), one.conversation, one.oa_id, one.address, now, parts(text, buttons))


def _booking(one: Waiting) -> UUID:
    return uuid5(one.id, "offer")
