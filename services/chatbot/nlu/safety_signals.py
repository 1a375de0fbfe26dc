"""Signs of danger to life, and of a tip-off, in a citizen's words."""

import re
import unicodedata
from dataclasses import dataclass

from services.chatbot.nlu.facets import compiled
from services.chatbot.nlu.training_data import Language, TrainingDataError

_NAMES = ("danger", "not_danger", "tip", "not_tip")


@dataclass(frozen=True)
class SafetySignals:
    danger_words: re.Pattern[str]
    not_danger: re.Pattern[str]
    tip_words: re.Pattern[str]
    not_tip: re.Pattern[str]

    @classmethod
    def of(cls, language: Language) -> "SafetySignals":
        missing = [name for name in _NAMES if name not in language.signs]
        if missing:
            raise TrainingDataError(f"language: signs: {', '.join(missing)} missing; an empty list means none")
        return cls(*(compiled(f"signs.{name}", language.signs[name]) for name in _NAMES))

    def danger(self, normal: str, typed: str) -> bool:
        """Fire, violence now, a life in danger. Exceptions need their diacritics: without them we rather warn once too often."""
        return self.danger_words.search(normal) is not None and self.not_danger.search(_lower(typed)) is None

    def tip(self, normal: str, typed: str) -> bool:
        return self.tip_words.search(normal) is not None and self.not_tip.search(_lower(typed)) is None


def _lower(typed: str) -> str:
    return unicodedata.normalize("NFC", typed).lower()
