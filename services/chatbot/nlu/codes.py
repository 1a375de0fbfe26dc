"""Reads codes that have one meaning: a dossier's code, a vehicle's plate, a candidate's number."""

import re

from contracts.text import normalise
from services.chatbot.nlu.result import Codes

_EIGHT_DIGITS = re.compile(r"(?<!\d)\d{8}(?!\d)", re.ASCII)
_DOSSIER = re.compile(r"(?<![A-Z0-9])(?:\d{3}\.\d{2}\.\d{2,3}\.)?[A-Z]\d{2}(?:\.\d{1,3}){0,4}-\d{6}-\d{3,6}(?!\d)")
_PLATE = re.compile(
    r"(?<![A-Z0-9.\-])([1-9]\d)[-. ]?([A-Z]{1,2}|[A-Z]\d)(?:[-. ]{0,3}(\d{3})[. ]?(\d{2})|-?(\d{4}))(?![A-Z0-9])"
)
_CANDIDATE = re.compile(r"(?:\bSBD\b|S[OỐ]\s+B[AÁ]O\s+DANH)\D{0,15}?(\d{6,9})(?!\d)")
_ALONE = re.compile(r"^\W*(\d{8})\W*$")
_LONG_NUMBER = re.compile(
    r"(?<!\d)\d[\d .]{7,}\d(?!\d)"
)  # Telephone, identity or account numbers: removed from the text.


def read_codes(text: str) -> tuple[Codes, str]:
    """Returns the codes in a text, and the text without them and without other long numbers."""
    upper = normalise(text).upper()
    dossier = _DOSSIER.search(upper)
    if dossier:
        upper = _without(upper, dossier)
    candidate = _CANDIDATE.search(upper) or _ALONE.match(upper)
    if candidate:
        upper = f"{upper[: candidate.start(1)]} {upper[candidate.end(1) :]}"
    plate = _PLATE.search(upper)
    if plate:
        upper = _without(upper, plate)
    codes = Codes(
        dossier=dossier.group() if dossier else None,
        plate="".join(part for part in plate.groups() if part) if plate else None,
        candidate=candidate.group(1) if candidate else None,
    )
    return codes, _LONG_NUMBER.sub(" ", upper)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def number_in(text: str) -> str | None:
    """Returns the only number in a question about scores that can be a candidate's; None when there are two."""
    numbers = set(_EIGHT_DIGITS.findall(text))
    return numbers.pop() if len(numbers) == 1 else None
