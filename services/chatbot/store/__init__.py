"""What the chatbot remembers in MongoDB: conversations, the queue for officers, and what errands look up or file."""

from services.chatbot.store.conversations import Conversations
from services.chatbot.store.queue import Queue
from services.chatbot.store.surveys import Surveys

__all__ = ["Conversations", "Queue", "Surveys"]
