"""Vietnamese without diacritics, so that `Hiệp Thành`, `hiep thanh` and `HIỆP THÀNH` are the same name."""

import re
import unicodedata

_MARKS = dict.fromkeys(range(0x0300, 0x0370))  # Combining marks; NFD leaves them apart from their letters.
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Returns the text in lower case without diacritics: words of a-z and 0-9, separated by single spaces."""
    unaccented = unicodedata.normalize("NFD", text.casefold().replace("đ", "d")).translate(_MARKS)
    return _NOT_WORD.sub(" ", unaccented).strip()
