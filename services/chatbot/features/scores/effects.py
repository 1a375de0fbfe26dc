"""Exam scores: asked by candidate number; where the file has names, by name as well."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from contracts.text import is_digits
from services.chatbot.dialogue.effects import Effect
from services.chatbot.lookups.result import LookupResult

DIGITS = 8  # The first two are the province's old exam code.


class Missed(StrEnum):
    """Why there is no mark, where the list says so."""

    ABSENT = "absent"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Score:
    """`marks` by subject, 0 to 10, or why there is none; a subject that was not taken is left out."""

    exam: str
    marks: Mapping[str, float | Missed] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindScore(Effect[LookupResult[Score] | None]):
    """None for a number that the exam does not have. `name` narrows it where names were imported."""

    number: str = field(repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ScoresHaveNames(Effect[bool]):
    """Whether a name is asked for besides the number; the same for every number, so that asking gives nothing away."""


def read_number(text: str) -> str | None:
    """The eight digits in what a citizen typed, spaces and dots forgiven. Anything else is not guessed."""
    digits = "".join(letter for letter in text if is_digits(letter))
    others = sum(letter.isalpha() for letter in text)
    return digits if len(digits) == DIGITS and others <= 40 else None  # noqa: PLR2004 — "sbd của em là …"
