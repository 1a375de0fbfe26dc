"""What a citizen says outright in a few words: an errand's name, or a courtesy. The whole text must say it, or it says more."""

import re
from dataclasses import dataclass

from services.chatbot.content.models.training import Language
from services.chatbot.nlu.facets import compiled

SMALLTALK = frozenset({"greeting", "thanks", "goodbye", "noted"})
MAX_LENGTH = 80  # Characters; who says more than that says more than one thing.


@dataclass(frozen=True)
class Smalltalk:
    """Names of errands and courtesies, each with the one expression that its texts match wholly."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def of(cls, language: Language) -> "Smalltalk":
        before, after = f"(?:{language.wish_edges.before})", f"(?:{language.wish_edges.after})"
        return cls(
            tuple(
                (name, compiled([f"(?:{before} )*(?:{pattern})(?: {after})*" for pattern in patterns]))
                for name, patterns in language.wishes.items()
            )
        )

    def match(self, normal: str) -> str | None:
        """The first that fits; None for everything else, and for what is too long to be one."""
        if len(normal) > MAX_LENGTH:
            return None
        return next((name for name, pattern in self.patterns if pattern.fullmatch(normal)), None)
