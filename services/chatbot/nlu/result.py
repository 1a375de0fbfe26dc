"""What is understood of one question."""

from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["answer", "flow", "choices", "decline"]
CATALOGUE = "tthc:"  # Keys of procedures that only the national catalogue knows begin so, followed by its code.


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes a citizen wrote, in the form the look-ups use. Personal, so never in a repr."""

    dossier: str | None = field(default=None, repr=False)  # "H29.12-250310-0021"
    plate: str | None = field(default=None, repr=False)  # "51F12345": letters and digits alone.
    candidate: str | None = field(default=None, repr=False)  # "02015678"


@dataclass(frozen=True, slots=True)
class Understood:
    """What is understood of one question. `key` is None exactly when `outcome` is decline.

    `choices` are the most likely keys, best first, whatever the outcome; `others` are further questions in the same message;
    `score`, from 0 to 1, is the probability that the first choice is right.
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
    wish: str | None = None  # A flow or small talk that the whole text names; independent of the outcome.
    rule: str | None = None  # The rule that decided before the statistics, if one did.
