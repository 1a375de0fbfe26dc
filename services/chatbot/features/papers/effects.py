"""Effects on a citizen's papers. Each paper belongs to one conversation alone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.chatbot.content.models.form import DOCX
from services.chatbot.dialogue.effects import Effect

MAX_PAPERS = 20  # Papers of one citizen.
MAX_PAPERS_A_DAY = 40  # Files of one citizen that are fetched in a day, whatever becomes of them.
MAX_MEGABYTES = 5  # Of one paper: what Zalo takes back as a file.
KEEP_NAMED = timedelta(days=365)
KEEP_UNNAMED = timedelta(hours=1)  # A file without a name is deleted after this.
LINK_LIFETIME = timedelta(minutes=10)  # How long a link for notify opens.
MAX_NAME_CHARACTERS = 80  # Characters.

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
FILE_ENDINGS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf", DOCX: ".docx"}


class RejectReason(StrEnum):
    TOO_BIG = "too_big"
    BAD_KIND = "bad_kind"
    BAD_PICTURE = "bad_picture"  # Too many pixels, or it does not unpack.
    FULL = "full"
    TODAY = "today"  # Enough for one day.
    NO_ROOM = "no_room"  # Our disk is full.
    GONE = "gone"  # The link does not open, or leads where we do not follow.


@dataclass(frozen=True, slots=True)
class Paper:
    id: UUID
    name: str = field(repr=False)
    media_type: str
    size: int  # Bytes.
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class PaperLink:
    """A `loa:` address that opens for ten minutes."""

    url: str = field(repr=False)
    name: str = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class MyPapers(Effect[tuple[Paper, ...]]):
    """Those with a name, in the order they were kept."""

    conversation: str


@dataclass(frozen=True, slots=True)
class KeepPaper(Effect[Paper | RejectReason]):
    """Fetch it now, since Zalo's links expire, and keep it sealed; until it has a name only for an hour."""

    id: UUID
    conversation: str
    oa_id: str
    at: datetime
    url: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NamePaper(Effect[bool]):
    """False when it is not theirs, or is gone."""

    paper: UUID
    conversation: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LinkPaper(Effect[PaperLink | None]):
    """None when it is not theirs, or is gone."""

    paper: UUID
    conversation: str


@dataclass(frozen=True, slots=True)
class DropPaper(Effect[bool]):
    paper: UUID
    conversation: str
