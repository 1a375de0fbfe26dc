"""Citizens' Vietnamese, understood: pure, deterministic, explainable, trained from content alone. Nothing answers here."""

from services.chatbot.understand.content import TrainingDataError
from services.chatbot.understand.understanding import NluModel
from services.chatbot.understand.understood import Understood

__all__ = ["NluModel", "TrainingDataError", "Understood"]
