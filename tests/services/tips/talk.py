"""One citizen's messages, one after the other, decided as they come."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from contracts.message import Attachment, InboundMessage, Kind
from services.tips.decide import Command, Decision, decide
from services.tips.identifiers import Identifiers
from services.tips.state import State, TipMessage
from services.tips.texts import ReplyKind
from tests.events import NOON, PEPPER

SECOND = timedelta(seconds=1)
IDENTIFIERS = Identifiers(PEPPER)


class Talk:
    """One citizen's messages, one after the other."""

    def __init__(self) -> None:
        self.state = State()
        self.decisions: list[Decision] = []

    def says(self, text: str = "", kind: Kind = Kind.TEXT, after: timedelta | float = 0, url: str = "") -> Decision:
        """`after` noon: seconds or a timedelta."""
        at = NOON + (after if isinstance(after, timedelta) else timedelta(seconds=after))
        ids = IDENTIFIERS.for_event(uuid5(NAMESPACE_URL, f"message {len(self.decisions)}"))
        attachments = (Attachment(kind=kind, url=url),) if kind is not Kind.TEXT else ()
        message = TipMessage(
            piece_id=ids.piece_id, kind=kind, at=at, spoken=InboundMessage(text=text, attachments=attachments)
        )
        decision = decide(self.state, message, ids)
        self.state = decision.state
        self.decisions.append(decision)
        return decision


def reply_kinds(decision: Decision) -> list[ReplyKind]:
    return [reply.kind for reply in decision.replies]


def command_types(decision: Decision) -> list[type[Command]]:
    return [type(command) for command in decision.commands]
