"""What a decision may look at besides the conversation and the turn: fixed for the turn, so that replaying it changes nothing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from services.chatbot.content.content import Content
from services.chatbot.content.models.pack import Menu, Oa, Pack
from services.chatbot.content.models.procedure import Procedure
from services.chatbot.content.texts import Texts
from services.chatbot.dialogue.state import Conversation


@dataclass(frozen=True, slots=True)
class Context:
    conversation: str
    before: Conversation  # What was remembered when the turn began.
    oa: Oa
    pack: Pack
    content: Content
    texts: Texts
    now: datetime  # The event's own time: no decision reads a clock.
    cause: UUID

    def text(self, key: str, **values: object) -> str:
        return self.texts.render(key, **values)

    def menu(self, name: str = "goc") -> Menu | None:
        return self.content.menus_of(self.pack.id).get(name)

    def procedure(self, key: str) -> Procedure | None:
        """Only what this OA's pack may answer."""
        wanted = self.pack.procedures
        return self.content.procedures.get(key) if "*" in wanted or key in wanted else None

    def id_for(self, name: str) -> UUID:
        """A derived id for something this turn does: the same turn, the same id."""
        return uuid5(self.cause, name)
