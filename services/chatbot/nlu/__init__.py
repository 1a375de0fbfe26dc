"""Understands citizens' Vietnamese: deterministic, explainable, trained from content alone. Replies are chosen elsewhere."""

from services.chatbot.nlu.model import NluModel
from services.chatbot.nlu.result import Understood

__all__ = ["NluModel", "Understood"]
