"""A reporter's file on its way: asked for, to be fetched, here, or missing."""

from dataclasses import dataclass, field
from datetime import datetime

from contracts.message import Kind
from services.tips.media.missing import Missing


@dataclass(frozen=True, slots=True)
class MediaRequest:
    media_id: str
    case_id: str
    oa_id: str
    piece_id: str
    kind: Kind
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file to fetch now; no other process tries until the lease ends. Its url is empty when its key is destroyed."""

    media_id: str
    case_id: str
    kind: Kind
    url: str = field(repr=False)
    tries: int
    until: datetime
    noticed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MissingFile:
    media_id: str
    why: Missing


@dataclass(frozen=True, slots=True)
class KeptFile:
    """How a file that is here can be opened: the number of the case's key, the stream's header, how many chunks, what it is."""

    key: int
    header: bytes
    chunks: int
    manifest: bytes
