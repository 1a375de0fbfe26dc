"""Citizens' Vietnamese, understood: pure, deterministic, explainable, trained from content alone. Nothing answers here."""

from services.chatbot.understand.content import ContentError
from services.chatbot.understand.understanding import Understanding
from services.chatbot.understand.understood import Understood

__all__ = ["ContentError", "Understanding", "Understood"]
