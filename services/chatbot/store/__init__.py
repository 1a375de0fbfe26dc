"""What the chatbot remembers in MongoDB: conversations, the queue for officers, and what errands look up or file."""

from services.chatbot.store.attempts import Attempts
from services.chatbot.store.bells import Bells
from services.chatbot.store.conversations import Conversations
from services.chatbot.store.datasets import Datasets
from services.chatbot.store.dossiers import Dossiers
from services.chatbot.store.fines import Fines
from services.chatbot.store.grants import Grants
from services.chatbot.store.history import History
from services.chatbot.store.lastknown import LastKnown
from services.chatbot.store.papers import Papers
from services.chatbot.store.queue import Queue
from services.chatbot.store.scores import Scores
from services.chatbot.store.seats import Seats
from services.chatbot.store.surveys import Surveys
from services.chatbot.store.waiting import WaitingList
from services.chatbot.store.watchers import Watchers

__all__ = [
    "Attempts",
    "Bells",
    "Conversations",
    "Datasets",
    "Dossiers",
    "Fines",
    "Grants",
    "History",
    "LastKnown",
    "Papers",
    "Queue",
    "Scores",
    "Seats",
    "Surveys",
    "WaitingList",
    "Watchers",
]
