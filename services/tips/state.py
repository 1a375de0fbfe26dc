"""What tips remembers of a conversation: who has the floor, the tip under way, and what was sent just before it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from contracts.floor import Floor
from contracts.message import InboundMessage, Kind

_PERSONAL = ConfigDict(frozen=True, hide_input_in_errors=True)


class TipMessage(BaseModel):
    """One message of a reporter."""

    model_config = _PERSONAL
    piece_id: str
    kind: Kind
    at: datetime
    spoken: InboundMessage = Field(repr=False)


class Tip(BaseModel):
    """The tip under way, as far as talking about it asks. Its content is in the case, and nowhere else."""

    model_config = _PERSONAL
    case_id: str
    code: str = Field(repr=False)
    pieces: int = 0
    thanked: bool = False  # For the first piece that was sent after the greeting.
    media_at: datetime | None = None  # Of the latest picture, video, …: what follows soon is the same burst.


class State(BaseModel):
    model_config = _PERSONAL
    floor: Floor = Floor()
    tip: Tip | None = None
    pending: tuple[
        TipMessage, ...
    ] = ()  # Photos, videos and places sent while the chatbot had the floor, oldest first.
