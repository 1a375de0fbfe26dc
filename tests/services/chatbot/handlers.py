"""A handler of messages over a real MongoDB that understands two questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.mongo import Database
from chassis.records import ReceivedEvent
from contracts.event import Event
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.dialogue.context_factory import ContextFactory
from services.chatbot.dialogue.effect_runner import EffectHandlers, EffectRunner
from services.chatbot.dialogue.effects import Sequential
from services.chatbot.dialogue.events import EventMapper
from services.chatbot.features.flows import FLOWS
from services.chatbot.features.officer.effects import JoinQueue, LeaveQueue
from services.chatbot.features.officer.store import OfficerQueue
from services.chatbot.handle import ChatbotHandler
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Understood
from services.chatbot.store import Conversations
from tests.doubles import BODIES, as_received
from tests.services.chatbot.chat_player import meaning


@dataclass
class FixedUnderstanding:
    """An understanding that knows two questions."""

    batches: list[int]

    async def answer(self, effects: Sequence[Understand]) -> Mapping[Understand, Understood]:
        self.batches.append(len(effects))
        meanings = {
            "làm căn cước cần giấy tờ gì": meaning("cc_cap_tu14", "papers"),
            "làm hộ chiếu": meaning("ho_chieu"),
        }
        return {effect: meanings.get(effect.text, Understood()) for effect in effects}


def handler_over(db: Database, content: Content, understanding: FixedUnderstanding) -> ChatbotHandler:
    queue = OfficerQueue(db.queue, BODIES)
    effect_handlers: EffectHandlers = {
        Understand: understanding,
        JoinQueue: queue,
        LeaveQueue: Sequential(queue.answer_leave),
    }
    mapper = EventMapper(BODIES, "http://chatbot")
    return ChatbotHandler(
        Conversations(db.conversations, BODIES),
        ContextFactory(ContentEditions(content), "e_government"),
        lambda: EffectRunner(effect_handlers),
        FLOWS,
        BODIES,
        mapper,
    )


def batch(*events: Event) -> list[ReceivedEvent]:
    return [as_received(event, offset=offset) for offset, event in enumerate(events)]
