"""What a citizen says outright in a few words: an errand's name, or a courtesy. The whole text must say it, or it says more."""

import re
from dataclasses import dataclass

from services.chatbot.nlu.facets import compiled
from services.chatbot.nlu.training_data import Language, TrainingDataError

SMALLTALK = frozenset({"greeting", "thanks", "goodbye", "noted"})
MAX_LENGTH = 80  # Characters; who says more than that says more than one thing.


@dataclass(frozen=True)
class Smalltalk:
    """Names of errands and courtesies, each with the one expression that its texts match wholly."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def of(cls, language: Language) -> "Smalltalk":
        """Raises ContentError when the edges are missing or an expression does not compile."""
        if set(language.wish_edges) != {"before", "after"}:
            raise TrainingDataError("language: wish_edges: before and after are expected, and nothing else")
        before, after = (f"(?:{language.wish_edges[edge]})" for edge in ("before", "after"))
        return cls(
            tuple(
                (
                    name,
                    compiled(f"wishes.{name}", [f"(?:{before} )*(?:{pattern})(?: {after})*" for pattern in patterns]),
                )
                for name, patterns in language.wishes.items()
            )
        )

    def match(self, normal: str) -> str | None:
        """The first that fits; None for everything else, and for what is too long to be one."""
        if len(normal) > MAX_LENGTH:
            return None
        return next((name for name, pattern in self.patterns if pattern.fullmatch(normal)), None)
