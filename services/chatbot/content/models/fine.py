"""A traffic offence and what it costs."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from services.chatbot.content.models.base import ContentModel, Name, Title

Point = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}\.[0-9]{1,2}(\.[a-zđ])?$")]  # Article.clause.point


class Vehicle(StrEnum):
    CAR = "oto"
    MOTORCYCLE = "xe_may"
    BICYCLE = "xe_dap"
    PEDESTRIAN = "di_bo"
    PASSENGER = "nguoi_ngoi"
    OWNER_MOTORCYCLE = "chu_xe_may"
    OWNER_CAR = "chu_oto"
    ANYONE = "moi_nguoi"


class Measure(StrEnum):
    EXCESS_SPEED = "km/h"
    ALCOHOL = "mg/l"  # Per litre of breath.


class Fine(ContentModel):
    """What an offence costs; where that depends on a measurement, for more than `above` and up to `upto` of `measure`.

    `low` and `high` are dong, for an individual. `points` of 12 on a licence are deducted. `extra` is a penalty other than money.
    """

    point: Point
    vehicle: Vehicle
    offence: Name
    low: int | None = Field(default=None, ge=1_000, le=1_000_000_000)
    high: int | None = Field(default=None, ge=1_000, le=1_000_000_000)
    points: int = Field(default=0, ge=0, le=12)
    extra: Title | None = None
    words: Name | None = None
    measure: Measure | None = None
    above: float | None = Field(default=None, ge=0)
    upto: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _has_penalty(self) -> Self:
        if (self.low is None) != (self.high is None) or (self.low or 0) > (self.high or 0):
            raise ValueError("mức phạt cần cả hai số, số thấp trước")
        if self.low is None and self.extra is None:
            raise ValueError("không có mức tiền thì cột extra phải nói hình thức xử phạt")
        if (self.measure is None) != (self.above is None):
            raise ValueError("cột measure và cột above phải cùng có hoặc cùng trống")
        return self

    def applies_to(self, value: float) -> bool:
        """Returns whether a measurement falls under this fine."""
        return self.above is not None and self.above < value <= (self.upto or float("inf"))

    @property
    def basis(self) -> str:
        """Returns where the decree says so: `điểm b khoản 9 Điều 6`."""
        article, clause, *rest = self.point.split(".")
        return f"{f'điểm {rest[0]} ' if rest else ''}khoản {clause} Điều {article}"
