"""Signs of danger to life, and of a tip-off, in a citizen's words."""

import re
import unicodedata
from dataclasses import dataclass

from services.chatbot.content.models.training import Language
from services.chatbot.nlu.facets import compiled


@dataclass(frozen=True)
class SafetySignals:
    danger_words: re.Pattern[str]
    not_danger: re.Pattern[str]
    tip_words: re.Pattern[str]
    not_tip: re.Pattern[str]

    @classmethod
    def of(cls, language: Language) -> "SafetySignals":
        signs = language.signs
        return cls(compiled(signs.danger), compiled(signs.not_danger), compiled(signs.tip), compiled(signs.not_tip))

    def danger(self, normal: str, typed: str) -> bool:
        """Fire, violence now, a life in danger. Exceptions need their diacritics: without them we rather warn once too often."""
        return self.danger_words.search(normal) is not None and self.not_danger.search(_lower(typed)) is None

    def tip(self, normal: str, typed: str) -> bool:
        return self.tip_words.search(normal) is not None and self.not_tip.search(_lower(typed)) is None


def _lower(typed: str) -> str:
    return unicodedata.normalize("NFC", typed).lower()
