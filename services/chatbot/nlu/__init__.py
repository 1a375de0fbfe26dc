"""Citizens' Vietnamese, understood: pure, deterministic, explainable, trained from content alone. Nothing answers here."""

from services.chatbot.nlu.model import NluModel
from services.chatbot.nlu.result import Understood
from services.chatbot.nlu.training_data import TrainingDataError

__all__ = ["NluModel", "TrainingDataError", "Understood"]
