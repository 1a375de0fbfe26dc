"""Offers a seat that became free to the citizen who waits longest, and holds it for half an hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from chassis.clock import VIETNAM
from chassis.jobs import Job, each
from chassis.records import Clock
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.content.models.service import Service
from services.chatbot.content.slots import Slot, bookable, days
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.features.appointments.effects import OFFER_HOLD, HoldSeat, TakenSeats
from services.chatbot.features.appointments.store.seats import Seats
from services.chatbot.features.appointments.store.waitlist import Waitlist, WaitlistEntry
from services.chatbot.reminders.effects import ScheduleReminder
from services.chatbot.reminders.store import Reminders

EVERY_SECONDS = 2.0
MAX_WAITLISTS = 50  # Waiting lines looked at in one round: fewer than a page, since most stay as they are.


@dataclass(frozen=True, slots=True)
class SeatOffers:
    editions: ContentEditions
    seats: Seats
    waitlist: Waitlist
    reminders: Reminders
    clock: Clock

    def job(self) -> Job[WaitlistEntry]:
        """An entry stays in its line until a seat is free for it."""
        return Job("seat_offers", EVERY_SECONDS, self.claim, each(self.offer), key=lambda entry: entry.id.hex)

    async def claim(self, parked: frozenset[str]) -> Sequence[WaitlistEntry]:
        return await self.waitlist.first_of_each(MAX_WAITLISTS, without=parked)

    async def offer(self, entry: WaitlistEntry) -> None:
        """Hold the seat, then notify, then remove from the list: a crash repeats harmlessly."""
        now, content = self.clock(), self.editions.current
        service = content.services.get(entry.service)
        slot = await self._free_slot(service, entry, now) if service else None
        if service is None or slot is None or not await self._hold(entry, slot, now):
            return
        await self.reminders.answer([self._reminder(content, service, entry, slot, now)])
        await self.waitlist.remove(entry)

    async def _free_slot(self, service: Service, entry: WaitlistEntry, now: datetime) -> Slot | None:
        calendar = self.editions.current.calendar
        until = now + timedelta(days=service.horizon_days + 1)
        taken = await self.seats.taken(TakenSeats(service.id, entry.office, now, until, now))
        slots = (slot for day in days(service, calendar, now) for slot in bookable(service, calendar, now, day))
        return next((slot for slot in slots if taken.get(slot.starts.astimezone(UTC), 0) < slot.capacity), None)

    async def _hold(self, entry: WaitlistEntry, slot: Slot, now: datetime) -> bool:
        starts = slot.starts.astimezone(UTC)
        seat = (entry.service, entry.office, starts, slot.capacity)
        return await self.seats.hold(
            HoldSeat(_booking_id(entry), entry.conversation, entry.oa_id, *seat, now, now + OFFER_HOLD)
        )

    def _reminder(
        self, content: Content, service: Service, entry: WaitlistEntry, slot: Slot, now: datetime
    ) -> ScheduleReminder:
        office = content.office_index.offices[entry.office].name
        local = slot.starts.astimezone(VIETNAM)
        oa = content.oas.get(entry.oa_id)
        texts = content.texts_of(oa.pack) if oa else content.texts
        minutes = int(OFFER_HOLD.total_seconds() // 60)
        text = texts.render(
            "booking.wait_offer",
            service=service.short,
            office=office,
            time=f"{local:%H:%M}",
            day=f"{local:%d/%m}",
            minutes=minutes,
        )
        seat = f"{entry.service} {entry.office} {slot.starts.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        buttons = [tap(texts.render("button.confirm"), f"#lam f_dat_lich nhan {_booking_id(entry)} {seat}")]
        return ScheduleReminder(
            _booking_id(entry), entry.conversation, entry.oa_id, entry.address, now, compose(text, buttons)
        )


def _booking_id(entry: WaitlistEntry) -> UUID:
    return uuid5(entry.id, "offer")
