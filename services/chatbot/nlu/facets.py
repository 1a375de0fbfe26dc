"""Which side of a subject is asked: papers, fee, time, place, ... by patterns in a fixed order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.chatbot.content.models.training import Language

WHOLE = "whole"
WEAKER_SUFFIX = "+"  # The same facet by weaker words, further back in the order.
HOW = "HOW"  # What `facet_words` writes for "làm sao", "như thế nào": in a story, it asks for the whole.


def compiled(patterns: Sequence[str]) -> re.Pattern[str]:
    """Returns one expression that matches what any of the patterns matches; without patterns, nothing."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


@dataclass(frozen=True)
class Facets:
    patterns: Mapping[str, re.Pattern[str]]  # In order.
    rewritings: Sequence[tuple[re.Pattern[str], str]]

    @classmethod
    def of(cls, language: Language) -> "Facets":
        return cls(
            {name: compiled(language.facets[name]) for name in language.facet_order},
            [(compiled([pattern]), written) for pattern, written in language.facet_words.items()],
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
