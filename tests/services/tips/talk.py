"""One citizen's messages, one after the other, decided as they come."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from contracts.message import Attachment, InboundMessage, Kind
from services.tips.decide import Command, Decision, decide, keep_evidence
from services.tips.identifiers import Identifiers, MessageIds
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
        message, ids = self._message(text, kind, after, url)
        return self._settled(decide(self.state, message, ids))

    def overhears(self, kind: Kind, after: float) -> Decision:
        """A message that the chatbot answers."""
        message, _ = self._message("", kind, after, "")
        return self._settled(keep_evidence(self.state, message))

    def _settled(self, decision: Decision) -> Decision:
        self.state = decision.state
        self.decisions.append(decision)
        return decision

    def _message(self, text: str, kind: Kind, after: timedelta | float, url: str) -> tuple[TipMessage, MessageIds]:
        at = NOON + (after if isinstance(after, timedelta) else timedelta(seconds=after))
        ids = IDENTIFIERS.for_event(uuid5(NAMESPACE_URL, f"message {len(self.decisions)}"))
        attachments = (Attachment(kind=kind, url=url),) if kind is not Kind.TEXT else ()
        message = TipMessage(
            piece_id=ids.piece_id, kind=kind, at=at, spoken=InboundMessage(text=text, attachments=attachments)
        )
        return message, ids


def reply_kinds(decision: Decision) -> list[ReplyKind]:
    return [reply.kind for reply in decision.replies]


def command_types(decision: Decision) -> list[type[Command]]:
    return [type(command) for command in decision.commands]
