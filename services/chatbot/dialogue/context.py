"""What a decision may look at besides the conversation and the turn: fixed for the turn, so that replaying it changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID, uuid5

from contracts.message import Button, MessagePart
from services.chatbot.content.content import Content
from services.chatbot.content.models.pack import Menu, Oa, Pack
from services.chatbot.content.models.procedure import Procedure
from services.chatbot.content.texts import Texts
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.state import Conversation


@dataclass(frozen=True, slots=True)
class Context:
    conversation: str
    person: str  # The same with every OA, where Zalo says who it is; else the conversation.
    address: str  # Sealed; where later messages are sent.
    proof: Mapping[str, str]  # Who the citizen has proven to be, and until when.
    subscriptions: tuple[str, ...]
    oa: Oa
    pack: Pack
    content: Content
    texts: Texts
    now: datetime  # The event's own time: no decision reads a clock.
    cause: UUID

    def remembering(self, conversation: Conversation) -> Self:
        """Returns the context with what `conversation` stores of the citizen beside the flow."""
        return replace(self, proof=conversation.known, subscriptions=conversation.subscriptions)

    def text(self, key: str, **values: object) -> str:
        return self.texts.render(key, **values)

    def say(self, key: str, *buttons: Button, **values: object) -> tuple[MessagePart, ...]:
        """Returns the phrase as messages, the buttons under the last."""
        return compose(self.text(key, **values), buttons)

    @property
    def menu_button(self) -> Button:
        return tap(self.text("button.menu"), "#menu")

    def menu(self, name: str = "goc") -> Menu | None:
        return self.content.menus_of(self.pack.id).get(name)

    def procedure(self, key: str) -> Procedure | None:
        """Only what this OA's pack may answer."""
        wanted = self.pack.procedures
        return self.content.procedures.get(key) if "*" in wanted or key in wanted else None

    def id_for(self, name: str) -> UUID:
        """Returns a derived id for something this turn does: the same turn, the same id."""
        return uuid5(self.cause, name)
