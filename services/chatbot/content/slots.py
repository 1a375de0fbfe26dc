"""Which appointments a service offers, and when an office opens next. Pure: the current time is an argument."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chassis.clock import VIETNAM
from services.chatbot.content.hours import Span, is_open, spans_on
from services.chatbot.content.models.service import Calendar, Service


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be booked."""

    starts: datetime  # Aware, in Vietnam's time.
    minutes: int
    capacity: int


A_MOMENT = timedelta(microseconds=1)  # `24:00` is the last moment of its day; a slot may end with it.


def slots_on(service: Service, calendar: Calendar, day: date) -> tuple[Slot, ...]:
    """Returns all slots of a day, free or not; none on holidays. A Saturday worked instead of a day off has Friday's hours."""
    if calendar.holiday(day):
        return ()
    as_if = day - timedelta(days=1) if calendar.is_makeup_workday(day) else day
    step = timedelta(minutes=service.minutes)
    slots = []
    for span in spans_on(service.hours, as_if):
        start, end = (datetime.combine(day, when, VIETNAM) for when in (span.opens, span.closes))
        while start + step <= end + A_MOMENT:
            slots.append(Slot(start, service.minutes, service.capacity))
            start += step
    return tuple(slots)


def bookable(service: Service, calendar: Calendar, now: datetime, day: date) -> tuple[Slot, ...]:
    """Returns the slots of a day that can still be booked at `now` (aware), by notice and horizon."""
    earliest = now + timedelta(hours=service.notice_hours)
    last = now.astimezone(VIETNAM).date() + timedelta(days=service.horizon_days)
    return tuple(slot for slot in slots_on(service, calendar, day) if slot.starts >= earliest and day <= last)


def days(service: Service, calendar: Calendar, now: datetime) -> Iterator[date]:
    """Returns the days with bookable slots within the horizon, soonest first."""
    today = now.astimezone(VIETNAM).date()
    for ahead in range(service.horizon_days + 1):
        day = today + timedelta(days=ahead)
        if bookable(service, calendar, now, day):
            yield day


def open_now(hours: tuple[Span, ...], calendar: Calendar, when: datetime) -> bool:
    """Returns whether an office is open: within its hours, and no holiday."""
    local = when.astimezone(VIETNAM)
    if calendar.holiday(local.date()):
        return False
    return is_open(hours, local - timedelta(days=1) if calendar.is_makeup_workday(local.date()) else local)


def next_opening(hours: tuple[Span, ...], calendar: Calendar, when: datetime) -> datetime | None:
    """Returns when an office opens next; None when not within thirty days."""
    local = when.astimezone(VIETNAM)
    for ahead in range(31):
        day = local.date() + timedelta(days=ahead)
        if calendar.holiday(day):
            continue
        as_if = day - timedelta(days=1) if calendar.is_makeup_workday(day) else day
        for span in spans_on(hours, as_if):
            opens = datetime.combine(day, span.opens, VIETNAM)
            if opens > local:
                return opens
    return None
