"""What the chatbot remembers in MongoDB: conversations, the queue for officers, and what errands look up or file."""

from services.chatbot.store.bells import Bells
from services.chatbot.store.conversations import Conversations
from services.chatbot.store.datasets import Datasets
from services.chatbot.store.fines import Fines
from services.chatbot.store.queue import Queue
from services.chatbot.store.scores import Scores
from services.chatbot.store.seats import Seats
from services.chatbot.store.surveys import Surveys
from services.chatbot.store.waiting import WaitingList

__all__ = ["Bells", "Conversations", "Datasets", "Fines", "Queue", "Scores", "Seats", "Surveys", "WaitingList"]
