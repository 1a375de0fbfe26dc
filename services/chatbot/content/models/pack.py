"""What one kind of OA offers: its menus, procedures, flows, texts and hours."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from services.chatbot.content.hours import Hours
from services.chatbot.content.models.base import BUTTONS, ContentModel, Key, Name, OaId, Text, Title

OA_LINK = "https://zalo.me/{oa_id}"


class OaKind(StrEnum):
    POLICE_DISTRICT = "police_district"
    POLICE_WARD = "police_ward"
    PUBLIC_SERVICE = "public_service"
    E_GOVERNMENT = "e_government"
    SCHOOL = "school"
    HOSPITAL = "hospital"
    UTILITY = "utility"


Target = Annotated[
    str, StringConstraints(max_length=600, pattern=r"^(menu|procedure|knowledge|flow|topic|url|phone):\S+$")
]


class Button(ContentModel):
    """`to` is where a tap leads: `menu:ho_tich`, `procedure:cc_doi`, `flow:f_camera`, `url:https://…`, `phone:113`."""

    title: Title
    to: Target

    @property
    def verb(self) -> str:
        """Returns the kind of target: `menu`, `procedure`, `knowledge`, `flow`, `topic`, `url` or `phone`."""
        return self.to.partition(":")[0]

    @property
    def target(self) -> str:
        """Returns what follows the verb: a key, an address or a number."""
        return self.to.partition(":")[2]


class Menu(ContentModel):
    text: Text
    buttons: tuple[Button, ...] = Field(min_length=1, max_length=BUTTONS)


class Menus(ContentModel):
    """All menus of one kind of OA. The one called `goc` is shown first."""

    kind: OaKind
    menus: dict[Key, Menu] = Field(min_length=1, max_length=40)


class Pack(ContentModel):
    """`procedures: ["*"]` means all of them; the same for services."""

    id: Key
    name: Name
    kinds: tuple[OaKind, ...] = Field(min_length=1)
    menu: OaKind
    procedures: tuple[str, ...] = ()
    knowledge: tuple[Key, ...] = ()
    flows: tuple[Key, ...] = ()
    services: tuple[str, ...] = ()
    topics: tuple[Key, ...] = ()
    hours: Hours
    texts: dict[str, Text] = Field(default_factory=dict, max_length=400)


class Oa(ContentModel):
    oa_id: OaId
    name: Name
    kind: OaKind
    app_id: OaId
    description: Text | None = None
    pack: Key
