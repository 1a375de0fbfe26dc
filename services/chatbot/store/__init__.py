"""What the chatbot remembers in MongoDB: conversations, the queue for officers, and what errands look up or file."""

from services.chatbot.store.attempts import Attempts
from services.chatbot.store.bells import Reminders
from services.chatbot.store.conversations import Conversations
from services.chatbot.store.datasets import Datasets
from services.chatbot.store.dossiers import Dossiers
from services.chatbot.store.fines import Fines
from services.chatbot.store.grants import Grants
from services.chatbot.store.history import History
from services.chatbot.store.lastknown import StaleCache
from services.chatbot.store.papers import Papers
from services.chatbot.store.queue import OfficerQueue
from services.chatbot.store.scores import Scores
from services.chatbot.store.seats import Seats
from services.chatbot.store.surveys import Surveys
from services.chatbot.store.waiting import Waitlist
from services.chatbot.store.watchers import Subscriptions

__all__ = [
    "Attempts",
    "Conversations",
    "Datasets",
    "Dossiers",
    "Fines",
    "Grants",
    "History",
    "OfficerQueue",
    "Papers",
    "Reminders",
    "Scores",
    "Seats",
    "StaleCache",
    "Subscriptions",
    "Surveys",
    "Waitlist",
]
