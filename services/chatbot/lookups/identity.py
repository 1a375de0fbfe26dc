"""Identity numbers as offices write them and as Excel leaves them."""

import re

from contracts.text import is_digits

_SEPARATORS = re.compile(r"[\s.\-]")
_CITIZEN = re.compile(
    r"0(?:0[1-9]|[1-9]\d)[0-3]\d{8}", re.ASCII
)  # Province of birth, century and sex, year, six digits.
_ONE_DIGIT_PROVINCES = ("001", "002", "004", "006", "008")
_NEW, _OLD = 12, 9


def read_identity(text: str) -> str | None:
    """Returns a citizen's number (12 digits) or an old one (9), None for anything else.

    A new number always begins with a zero, so one or two that Excel dropped are put back; an old one of eight digits may
    lack any of its nine, and is not guessed.
    """
    digits = _SEPARATORS.sub("", text)
    if not is_digits(digits):
        return None
    if len(digits) in (_NEW, _OLD):
        return digits
    restored = digits.zfill(_NEW)
    if digits[0] == "0" or len(digits) not in (_NEW - 1, _NEW - 2) or not _CITIZEN.fullmatch(restored):
        return None
    return restored if len(digits) == _NEW - 1 or restored.startswith(_ONE_DIGIT_PROVINCES) else None
