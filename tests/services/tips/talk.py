"""One citizen's messages, one after the other, decided as they come."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from contracts.message import Attachment, Kind, Spoken
from services.tips.decide import Decision, Deed, decide
from services.tips.names import Names
from services.tips.state import Piece, State
from services.tips.texts import Line
from tests.facts import NOON, PEPPER

SECOND = timedelta(seconds=1)
NAMES = Names(PEPPER)


class Talk:
    """One citizen's messages, one after the other."""

    def __init__(self) -> None:
        self.state = State()
        self.told: list[Decision] = []

    def says(self, text: str = "", kind: Kind = Kind.TEXT, after: timedelta | float = 0, url: str = "") -> Decision:
        """`after` noon: seconds or a timedelta."""
        at = NOON + (after if isinstance(after, timedelta) else timedelta(seconds=after))
        named = NAMES.of(uuid5(NAMESPACE_URL, f"message {len(self.told)}"))
        parts = (Attachment(kind=kind, url=url),) if kind is not Kind.TEXT else ()
        piece = Piece(piece_id=named.piece_id, kind=kind, at=at, spoken=Spoken(text=text, attachments=parts))
        decision = decide(self.state, piece, named)
        self.state = decision.state
        self.told.append(decision)
        return decision


def lines(decision: Decision) -> list[Line]:
    return [say.line for say in decision.says]


def kinds(decision: Decision) -> list[type[Deed]]:
    return [type(deed) for deed in decision.deeds]
