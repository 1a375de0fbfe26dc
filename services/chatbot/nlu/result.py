"""What is understood of one question."""

from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["answer", "flow", "choices", "decline"]
CATALOGUE = "tthc:"  # Keys of procedures that only the national catalogue knows begin so; its code follows.


@dataclass(frozen=True, slots=True)
class Codes:
    """Numbers a citizen wrote, in the form the look-ups use. Personal: never in a representation."""

    dossier: str | None = field(default=None, repr=False)  # "H29.12-250310-0021"
    plate: str | None = field(default=None, repr=False)  # "51F12345": letters and digits alone.
    candidate: str | None = field(default=None, repr=False)  # "02015678"


@dataclass(frozen=True, slots=True)
class Understood:
    """`key` is None exactly when declined.

    `choices` ranks what it may be, best first, whatever the outcome (the key among them); `others` are further questions
    truly asked in the same message; `score` in 0..1 is the probability that the first choice is right.
    """

    outcome: Outcome = "decline"
    key: str | None = None
    facet: str = "whole"
    score: float = 0.0
    choices: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    codes: Codes = field(default=Codes(), repr=False)
    danger: bool = False
    tip: bool = False
    wish: str | None = None  # An errand or a courtesy that the whole text names; beside the outcome, never part of it.
    rule: str | None = None  # The rule that decided before the statistics, if one did.
