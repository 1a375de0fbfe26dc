"""Recognises short messages that are nothing but a flow's name or small talk."""

import re
from dataclasses import dataclass

from services.chatbot.content.models.training import Language
from services.chatbot.nlu.facets import compile_patterns

SMALLTALK = frozenset({"greeting", "thanks", "goodbye", "noted"})
MAX_LENGTH = 80  # Characters; a longer text says more than that.


@dataclass(frozen=True)
class Smalltalk:
    """Names of flows and kinds of small talk, each with an expression that has to match the whole text."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def of(cls, language: Language) -> "Smalltalk":
        before, after = f"(?:{language.wish_edges.before})", f"(?:{language.wish_edges.after})"
        return cls(
            tuple(
                (name, compile_patterns([f"(?:{before} )*(?:{pattern})(?: {after})*" for pattern in patterns]))
                for name, patterns in language.wishes.items()
            )
        )

    def match(self, normal: str) -> str | None:
        """Returns the first name that matches; None for other and for longer texts."""
        if len(normal) > MAX_LENGTH:
            return None
        return next((name for name, pattern in self.patterns if pattern.fullmatch(normal)), None)
