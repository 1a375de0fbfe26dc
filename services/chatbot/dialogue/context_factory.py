"""Which content an OA uses, in which version, and the time: everything outside that a decision may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts.event import Event
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.content.models.pack import Oa
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.state import Conversation


@dataclass(frozen=True, slots=True)
class ContextFactory:
    editions: ContentEditions
    default_pack: str  # For an OA that content does not list yet: general answers are better than none.

    async def load_editions(self, states: Iterable[Conversation]) -> None:
        """Makes sure that `create` finds the edition that each flow in progress began with."""
        await self.editions.load(state.run.version for state in states if state.run)

    def create(self, event: Event, at: datetime, before: Conversation, person: str = "") -> Context:
        content = self.editions.of(before.run.version if before.run else None)
        oa = content.oas.get(event.oa_id) or self._unlisted_oa(content, event.oa_id)
        pack = content.packs[oa.pack]
        return Context(
            event.conversation,
            person or event.conversation,
            before.address,
            before.known,
            before.subscriptions,
            oa,
            pack,
            content,
            content.texts_of(oa.pack),
            at,
            event.id,
        )

    def _unlisted_oa(self, content: Content, oa_id: str) -> Oa:
        pack = content.packs[self.default_pack]
        return Oa.model_construct(
            oa_id=oa_id, name=pack.name, kind=pack.kinds[0], app_id="", description=None, pack=pack.id
        )
