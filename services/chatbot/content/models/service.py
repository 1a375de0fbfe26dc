"""What can be booked, and the days without appointments."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from services.chatbot.content.hours import Hours
from services.chatbot.content.models.base import ContentModel, Key, Name, Short, Text, Url


class Service(ContentModel):
    """Slots of `minutes` within `hours`, each for `capacity` citizens at each office."""

    id: Key
    name: Name
    short: Short
    procedures: tuple[Key, ...] = ()
    offices: tuple[Key, ...] = Field(min_length=1, max_length=200)
    hours: Hours
    minutes: int = Field(ge=5, le=240)
    capacity: int = Field(ge=1, le=200)
    notice_hours: int = Field(default=2, ge=0, le=240, description="No slot that begins sooner than this.")
    horizon_days: int = Field(default=14, ge=1, le=90, description="No slot later than this.")
    bring: Text | None = None


MAX_HOLIDAY_DAYS = 21  # Days; a longer one is a typing error.


class Holiday(ContentModel):
    """`confirmed: false` means derived from the law or a plan, before the yearly notice."""

    first: date
    last: date
    name: Name
    confirmed: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 0 <= (self.last - self.first).days < MAX_HOLIDAY_DAYS:
            raise ValueError(f"mục «last» phải bằng hoặc sau «first», và kỳ nghỉ không quá {MAX_HOLIDAY_DAYS} ngày")
        return self


class Workday(ContentModel):
    """A Saturday worked to make up for a day off."""

    day: date
    name: Name


class Origin(ContentModel):
    title: Name
    url: Url | None = None


class Calendar(ContentModel):
    holidays: tuple[Holiday, ...] = Field(min_length=1)
    workdays: tuple[Workday, ...] = ()
    sources: tuple[Origin, ...] = Field(min_length=1)

    def holiday(self, day: date) -> Holiday | None:
        """Returns the holiday that the day belongs to, or None."""
        return next((holiday for holiday in self.holidays if holiday.first <= day <= holiday.last), None)

    def is_makeup_workday(self, day: date) -> bool:
        """Returns whether the day is a Saturday worked instead of a day off."""
        return any(workday.day == day for workday in self.workdays)
