"""Which facet of a subject is asked for (papers, fee, time, place, ...), by patterns in a fixed order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.chatbot.content.models.training import Language

WHOLE = "whole"
WEAKER_SUFFIX = "+"  # The same facet by weaker words, further back in the order.
HOW = "HOW"  # What `facet_words` writes for "làm sao", "như thế nào": in a story, it asks for the whole.


def compile_patterns(patterns: Sequence[str]) -> re.Pattern[str]:
    """Returns one expression for all patterns; without patterns, one that never matches."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


@dataclass(frozen=True)
class Facets:
    """Patterns of facets, and rewritings to apply before them."""

    patterns: Mapping[str, re.Pattern[str]]  # In order.
    rewritings: Sequence[tuple[re.Pattern[str], str]]

    @classmethod
    def of(cls, language: Language) -> "Facets":
        return cls(
            {name: compile_patterns(language.facets[name]) for name in language.facet_order},
            [(compile_patterns([pattern]), written) for pattern, written in language.facet_words.items()],
        )

    def find(self, segments: Sequence[str]) -> tuple[str, str]:
        """Returns the facet that the last segment with a match asks for, and the words that matched ("" for the whole).

        `segments` are normalised. A short question is one segment; a story has its question near its end.
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
