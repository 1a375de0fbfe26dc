"""Who answers what: every port of the house, joined once. One line per subject; `__main__` stays short."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chassis.mongo import Database
from chassis.sealing import Ring
from services.chatbot.drive import Ports
from services.chatbot.flows.survey import FileSurvey
from services.chatbot.lookups.understanding import Minds
from services.chatbot.officer import JoinQueue
from services.chatbot.questions import Understand
from services.chatbot.store import Conversations, Queue, Surveys


@dataclass(frozen=True, slots=True)
class Wired:
    ports: Ports
    conversations: Conversations
    queue: Queue
    surveys: Surveys
    forget: tuple[Callable[[str], Awaitable[None]], ...]


async def wire(db: Database, ring: Ring, minds: Minds) -> Wired:
    """Raises Transient when the database does not answer."""
    conversations, queue, surveys = (
        Conversations(db.conversations, ring),
        Queue(db.queue, ring),
        Surveys(db.surveys, ring),
    )
    for store in (conversations, queue, surveys):
        await store.prepare()
    ports: Ports = {Understand: minds, JoinQueue: queue, FileSurvey: surveys}
    return Wired(ports, conversations, queue, surveys, (queue.forget,))
