"""Messages between citizens and OAs. They travel only sealed, as the `body` and `address` of an event."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_PERSONAL = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Kind(StrEnum):
    """What a citizen can send (the Zalo OA webhook catalogue, `user_send_*`), and a form they filled in."""

    TEXT = "text"
    IMAGE = "image"
    GIF = "gif"
    LINK = "link"
    AUDIO = "audio"
    VIDEO = "video"
    STICKER = "sticker"
    LOCATION = "location"
    FILE = "file"
    BUSINESS_CARD = "business_card"
    INFO = "info"


# What is sent just before a tip may become a part of it.
EVIDENCE = frozenset({Kind.IMAGE, Kind.GIF, Kind.VIDEO, Kind.AUDIO, Kind.FILE, Kind.LOCATION})


class Address(BaseModel):
    """Where an answer goes. Sealed under a key that only gateway, notify and tips hold."""

    model_config = _PERSONAL
    oa_id: str = Field(repr=False)
    user_id: str = Field(repr=False)


class Attachment(BaseModel):
    model_config = _PERSONAL
    kind: Kind
    url: str | None = Field(None, max_length=2_048, repr=False)
    thumbnail: str | None = Field(None, max_length=2_048, repr=False)
    name: str | None = Field(None, max_length=512, repr=False)
    description: str | None = Field(None, max_length=8_000, repr=False)
    size_bytes: int | None = Field(None, ge=0)
    checksum: str | None = Field(None, max_length=128, repr=False)  # MD5, as Zalo states it.
    latitude: float | None = Field(None, ge=-90, le=90, repr=False)
    longitude: float | None = Field(None, ge=-180, le=180, repr=False)


class InboundMessage(BaseModel):
    """What a citizen, or an officer in Zalo's own tool, wrote."""

    model_config = _PERSONAL
    text: str = Field("", max_length=20_000, repr=False)
    attachments: tuple[Attachment, ...] = Field((), max_length=50)
    msg_id: str | None = Field(None, max_length=128, repr=False)
    quoted_msg_id: str | None = Field(None, max_length=128, repr=False)
    info: dict[str, str] = Field(default_factory=dict, repr=False)  # The answers of `user_submit_info`.
    person: str = Field(
        "", max_length=64
    )  # A pseudonym, the same with every OA of an app. Sealed: it links conversations.


class ButtonKind(StrEnum):
    """Zalo's `oa.*` actions. `show` writes the payload into the chat, `hide` sends it unseen."""

    SHOW = "show"
    HIDE = "hide"
    URL = "url"
    PHONE = "phone"
    SMS = "sms"


class Button(BaseModel):
    model_config = _PERSONAL
    title: str = Field(min_length=1, max_length=100)
    kind: ButtonKind = ButtonKind.SHOW
    payload: str = Field(min_length=1, max_length=1_000, repr=False)
    content: str | None = Field(None, max_length=160, repr=False)  # The text of an SMS button.


class Asset(BaseModel):
    """A picture or a file to send: notify fetches `url` from one of our services, and uploads it to Zalo once per OA."""

    model_config = _PERSONAL
    url: str = Field(max_length=2_048, repr=False)
    name: str = Field(max_length=200, repr=False)
    media_type: str = Field(max_length=100)


class MessagePart(BaseModel):
    """One Zalo message: a text, at most five buttons, at most one picture or file, or a request for contact details."""

    model_config = _PERSONAL
    text: str = Field("", max_length=2_000, repr=False)
    buttons: tuple[Button, ...] = Field((), max_length=5)
    image: Asset | None = None
    file: Asset | None = None
    ask_info: str | None = Field(None, max_length=500, repr=False)  # Zalo's request_user_info card: its subtitle.


class OutboundMessage(BaseModel):
    """What an OA sends next, in order. Each part is one message in the citizen's chat."""

    model_config = _PERSONAL
    parts: Annotated[tuple[MessagePart, ...], Field(min_length=1, max_length=10)]


class Lane(StrEnum):
    """Which messages go first when Zalo limits how many may be sent."""

    URGENT = "urgent"
    REPLY = "reply"
    BULK = "bulk"
