"""Places: wards before and after the merger of 2025, offices, cameras. Coordinates are WGS 84 degrees."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from services.chatbot.content.hours import Hours
from services.chatbot.content.models.base import ContentModel, Key, Name, OaId, Phone, Title, Url, WardCode

Latitude = Annotated[float, Field(ge=6, le=24)]  # Vietnam with its islands.
Longitude = Annotated[float, Field(ge=102, le=118)]
ProvinceCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]


class Province(ContentModel):
    code: ProvinceCode
    name: Name


class Ward(ContentModel):
    """A ward, commune or special zone as it is since 2025-07-01; `name` with its type: Phường Thới An."""

    code: WardCode
    name: Name
    province: ProvinceCode
    lat: Latitude
    lon: Longitude


class OldWard(ContentModel):
    """A ward as it was before; a divided one has several rows. `ward` is empty where a district had none."""

    ward: Name | None = None
    district: Name
    province: Name
    code: WardCode


class OfficeKind(StrEnum):
    POLICE_WARD = "police_ward"
    POLICE_DISTRICT = "police_district"
    POLICE_PROVINCE = "police_province"
    ONE_STOP = "one_stop"
    PEOPLE_COMMITTEE = "people_committee"
    SCHOOL = "school"
    HOSPITAL = "hospital"
    UTILITY = "utility"


class Office(ContentModel):
    """`demo`: name, address or number are invented for demonstration, and the bot says so."""

    id: Key
    name: Name
    kind: OfficeKind
    aliases: tuple[Name, ...] = Field(default=(), max_length=20)
    wards: tuple[WardCode, ...] = Field(default=(), max_length=200)
    address: Name
    phone: Phone | None = None
    hours: Hours
    lat: Latitude
    lon: Longitude
    oa_id: OaId | None = None
    demo: bool = False


class Camera(ContentModel):
    id: Key
    name: Title
    road: Name
    ward: WardCode
    lat: Latitude
    lon: Longitude
    picture: Url | None = None  # None: the demonstration draws it.
