"""What chats of tests share: a Monday morning, and what the language model and the queue answer."""

from datetime import timedelta

from services.chatbot.features.officer.effects import JoinQueue
from services.chatbot.nlu.result import Outcome, Understood
from tests.events import NOON

MONDAY_AT_NINE = NOON - timedelta(hours=3)  # The offices are open.


def meaning(key: str, facet: str = "whole", *others: str) -> Understood:
    """A text that is understood for certain."""
    outcome: Outcome = "flow" if key.startswith("f_") else "answer"
    return Understood(outcome, key, facet, 1.0, (key, *others), others)


def first_in_queue(_: JoinQueue) -> int:
    return 1
