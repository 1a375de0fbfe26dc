"""What the bot may say, as data: reads, checks and searches `content/`, and keeps its editions. Knows nothing of dialogues."""

from services.chatbot.content.content import Content
from services.chatbot.content.loader.errors import ContentErrors, Fault

__all__ = ["Content", "ContentErrors", "Fault"]  # Without editions and the poller: a pure decision may import this.
