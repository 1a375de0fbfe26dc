"""The state of a conversation: who has the floor, the tip under way, and what was sent just before it."""

from datetime import datetime

from pydantic import Field

from chassis.model import StoredModel
from contracts.floor import Floor
from contracts.message import InboundMessage, Kind


class TipMessage(StoredModel):
    """One message of a reporter."""

    piece_id: str
    kind: Kind
    at: datetime
    spoken: InboundMessage = Field(repr=False)


class Tip(StoredModel):
    """The tip under way, as far as replies need it. Its content is in the case, and nowhere else."""

    case_id: str
    code: str = Field(repr=False)
    opened_at: datetime
    pieces: int = 0
    thanked: bool = False  # For the first piece that was sent after the greeting.
    swept: bool = False  # Closed by the clock. A message that was long on its way opens it again.
    media_at: datetime | None = None  # Of the latest picture, video, …: what follows soon is the same burst.


class State(StoredModel):
    floor: Floor = Floor()
    tip: Tip | None = None
    openings: tuple[
        datetime, ...
    ] = ()  # When tips were opened, of late: so many a day. They stay when the citizen withdraws.
    pending: tuple[
        TipMessage, ...
    ] = ()  # Photos, videos and places sent while the chatbot had the floor, oldest first.
