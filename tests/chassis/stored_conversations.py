"""Conversations of a service that only takes notes, for the tests of what is stored of them."""

from pydantic import BaseModel, ConfigDict

from chassis.crypto import KeyRing
from chassis.mongo import Database
from chassis.outbox import ConversationRecord, ConversationRepository
from contracts.chatbot import ReplyChosen
from contracts.event import Event
from tests.doubles import BODIES, OA, conversation


class State(BaseModel):
    model_config = ConfigDict(frozen=True)
    notes: tuple[str, ...] = ()


def repository_over(db: Database, ring: KeyRing = BODIES) -> ConversationRepository[State]:
    return ConversationRepository(db["conversations"], State, ring, lambda state: {"notes": len(state.notes)})


async def loaded(repository: ConversationRepository[State], user: str = "901") -> ConversationRecord[State]:
    conversation_id = conversation(user)
    return (await repository.load({conversation_id: OA}))[conversation_id]


def answer(cause: Event, index: int = 0) -> ReplyChosen:
    return ReplyChosen.derive(cause, index, outcome="answer", body="k2.sealed", address="k2.sealed")


def record_message(record: ConversationRecord[State], event: Event, note: str = "") -> list[Event]:
    events: list[Event] = [answer(event)]
    record.record_event(event, State(notes=(*record.state.notes, note)), events)
    return events
