"""What the bot may say, as data: reading, checking, searching and versions of `content/`. No dialogue lives here."""

from services.chatbot.content.content import Content
from services.chatbot.content.loader.errors import ContentErrors, Fault

__all__ = ["Content", "ContentErrors", "Fault"]  # Not the shelf and the watcher: a pure decision may import this.
