"""Citizens' Vietnamese, understood: pure, deterministic, explainable, trained from content alone. Nothing answers here."""

from services.chatbot.nlu.model import NluModel
from services.chatbot.nlu.result import Understood

__all__ = ["NluModel", "Understood"]
