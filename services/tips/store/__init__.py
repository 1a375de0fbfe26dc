"""What tips keeps: cases, their sealed pieces and files, and, apart from them, who reported."""

from services.tips.store.cases import Cases, Closing, Opening
from services.tips.store.conversations import Conversations
from services.tips.store.media import Job, Media, MediaRequest
from services.tips.store.pieces import Pieces, SealedPiece
from services.tips.store.reporters import Link, Reporters

__all__ = [
    "Cases",
    "Closing",
    "Conversations",
    "Job",
    "Link",
    "Media",
    "MediaRequest",
    "Opening",
    "Pieces",
    "Reporters",
    "SealedPiece",
]
