"""The queue for an officer: joined."""

from services.chatbot.dialogue.effects import Sequential
from services.chatbot.features.feature import Deps, Feature, Parts
from services.chatbot.features.officer.api import queue_router
from services.chatbot.features.officer.effects import JoinQueue, LeaveQueue
from services.chatbot.features.officer.store import OfficerQueue


def _build(deps: Deps) -> Parts:
    queue = OfficerQueue(deps.db.queue, deps.ring)
    return Parts(
        handlers={JoinQueue: queue, LeaveQueue: Sequential(queue.answer_leave)},
        stores=(queue,),
        routers=(queue_router(queue, deps.auth, deps.audit),),
        erasers=(queue.forget,),
    )


FEATURE = Feature(build=_build)
