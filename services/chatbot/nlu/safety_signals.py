"""Recognises danger to life and tip-offs in a citizen's words."""

import re
from dataclasses import dataclass

from contracts.text import compose
from services.chatbot.content.models.training import Language
from services.chatbot.nlu.facets import compile_patterns


@dataclass(frozen=True)
class SafetySignals:
    """Patterns of danger and of tip-offs, and of their exceptions."""

    danger_words: re.Pattern[str]
    not_danger: re.Pattern[str]
    tip_words: re.Pattern[str]
    not_tip: re.Pattern[str]

    @classmethod
    def of(cls, language: Language) -> "SafetySignals":
        signs = language.signs
        return cls(
            compile_patterns(signs.danger),
            compile_patterns(signs.not_danger),
            compile_patterns(signs.tip),
            compile_patterns(signs.not_tip),
        )

    def danger(self, normal: str, typed: str) -> bool:
        """Returns whether the text reports fire, violence or a life in danger. Exceptions have to be typed with diacritics."""
        return self.danger_words.search(normal) is not None and self.not_danger.search(_lower(typed)) is None

    def tip(self, normal: str, typed: str) -> bool:
        """Returns whether the text sounds like a tip-off."""
        return self.tip_words.search(normal) is not None and self.not_tip.search(_lower(typed)) is None


def _lower(typed: str) -> str:
    return compose(typed).lower()
