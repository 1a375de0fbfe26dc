"""Which side of a subject is asked: papers, fee, time, place, ... by patterns in a fixed order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.chatbot.understand.content import ContentError, Language

WHOLE = "whole"
AGAIN = "+"  # The same facet by weaker words, further back in the order.
HOW = "HOW"  # What `facet_words` writes for "làm sao", "như thế nào": in a story, it asks for the whole.


def compiled(name: str, patterns: Sequence[str]) -> re.Pattern[str]:
    """All patterns of one name as one expression. Raises ContentError with the pattern at fault."""
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as wrong:
            raise ContentError(f"language: {name}: pattern {pattern!r}: {wrong}") from None
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


@dataclass(frozen=True)
class Facets:
    patterns: Mapping[str, re.Pattern[str]]  # In order.
    rewritings: Sequence[tuple[re.Pattern[str], str]]

    @classmethod
    def of(cls, language: Language) -> "Facets":
        missing = set(language.facets) ^ set(language.facet_order)
        if missing:
            raise ContentError(f"language: facet_order and facets disagree about {', '.join(sorted(missing))}")
        return cls(
            {name: compiled(f"facets.{name}", language.facets[name]) for name in language.facet_order},
            [(compiled("facet_words", [pattern]), written) for pattern, written in language.facet_words.items()],
        )

    def asked(self, pieces: Sequence[str]) -> tuple[str, str]:
        """The facet that the last telling piece asks for, and the words that show it ("" for the whole).

        `pieces` are normalised: a short question is one piece, a story has its question near its end.
        """
        for piece in reversed(pieces):
            for pattern, written in self.rewritings:
                piece = pattern.sub(written, piece)  # noqa: PLW2901 - the same piece, rewritten step by step
            for name, facet in self.patterns.items():
                found = facet.search(piece)
                if found:
                    return name.rstrip(AGAIN), found.group()
            if HOW in piece:
                break
        return WHOLE, ""
