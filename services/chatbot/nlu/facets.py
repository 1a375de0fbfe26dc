"""Which side of a subject is asked: papers, fee, time, place, ... by patterns in a fixed order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.chatbot.nlu.training_data import Language, TrainingDataError

WHOLE = "whole"
WEAKER_SUFFIX = "+"  # The same facet by weaker words, further back in the order.
HOW = "HOW"  # What `facet_words` writes for "làm sao", "như thế nào": in a story, it asks for the whole.


def compiled(name: str, patterns: Sequence[str]) -> re.Pattern[str]:
    """All patterns of one name as one expression. Raises ContentError with the pattern at fault."""
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise TrainingDataError(f"language: {name}: pattern {pattern!r}: {error}") from None
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


@dataclass(frozen=True)
class Facets:
    patterns: Mapping[str, re.Pattern[str]]  # In order.
    rewritings: Sequence[tuple[re.Pattern[str], str]]

    @classmethod
    def of(cls, language: Language) -> "Facets":
        missing = set(language.facets) ^ set(language.facet_order)
        if missing:
            raise TrainingDataError(f"language: facet_order and facets disagree about {', '.join(sorted(missing))}")
        return cls(
            {name: compiled(f"facets.{name}", language.facets[name]) for name in language.facet_order},
            [(compiled("facet_words", [pattern]), written) for pattern, written in language.facet_words.items()],
        )

    def find(self, segments: Sequence[str]) -> tuple[str, str]:
        """The facet that the last telling piece asks for, and the words that show it ("" for the whole).

        `pieces` are normalised: a short question is one piece, a story has its question near its end.
        """
        for segment in reversed(segments):
            for pattern, written in self.rewritings:
                segment = pattern.sub(written, segment)  # noqa: PLW2901 - the same piece, rewritten step by step
            for name, facet in self.patterns.items():
                match = facet.search(segment)
                if match:
                    return name.rstrip(WEAKER_SUFFIX), match.group()
            if HOW in segment:
                break
        return WHOLE, ""
