"""Folds any Unicode spelling of Vietnamese to lower-case ASCII words."""

import re
import unicodedata

MAX_LENGTH = 1_500  # Characters of a question that are read; a story's question is at its beginning or its end.
_MARKS = dict.fromkeys(map(chr, range(0x0300, 0x0370)))  # Combining diacritics: dropped.
_TABLE = str.maketrans({"đ": "d", "ð": "d", "ı": "i", **_MARKS})
_TOKEN = re.compile(r"[a-z0-9]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")


def truncated(text: str) -> str:
    """Returns at most MAX_LENGTH characters: two thirds from the beginning of the text, one from its end."""
    if len(text) <= MAX_LENGTH:
        return text
    tail = MAX_LENGTH // 3
    return f"{text[: MAX_LENGTH - tail]} {text[-tail:]}"


def fold(text: str) -> str:
    """Returns the text in lower case without diacritics, from NFC, NFD or a mixture; other scripts and emoji are kept."""
    return unicodedata.normalize("NFKD", text).casefold().translate(_TABLE)


def words(folded: str) -> list[str]:
    """Returns the words of a folded text; letters repeated for emphasis ("điiii") are written once."""
    return [_STRETCHED.sub(r"\1", word) for word in _TOKEN.findall(folded)]
