"""Retypes a question as other keyboards and phones would. For measuring, and for tests."""

import unicodedata
from collections.abc import Callable, Mapping

from contracts.text import fold
from services.chatbot.nlu.augment import mistyped

_TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_DIACRITICS = {"\u0302": "", "\u0306": "w", "\u031b": "w"}  # Circumflex doubles its letter; breve and horn are a w.


def telex(text: str) -> str:
    """Returns the keystrokes of a Telex keyboard that is switched off: "căn cước" is "cawn cuwowcs"."""
    return " ".join(_telex_word(word) for word in text.split())


def _telex_word(word: str) -> str:
    typed, tone = "", ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in _TONES:
            tone = _TONES[letter]
        elif letter == "\u0302":
            typed += typed[-1]
        elif letter in _DIACRITICS:
            typed += _DIACRITICS[letter]
        else:
            typed += {"đ": "dd", "Đ": "DD"}.get(letter, letter)
    letters = typed.rstrip("?!.,")
    return letters + tone + typed[len(letters) :]


def decomposed(text: str) -> str:
    """Returns the text in NFD, as some keyboards send it."""
    return unicodedata.normalize("NFD", text)


def with_emoji(text: str) -> str:
    """Returns the text between emoji."""
    return f"🙏 {text} 😭😭"


def unpunctuated(text: str) -> str:
    """Returns the text as a telephone's dictation writes it."""
    return " ".join("".join(letter for letter in text.lower() if letter.isalnum() or letter.isspace()).split())


TYPING_STYLES: Mapping[str, Callable[[str], str]] = {
    "no diacritics": fold,
    "Telex keys": telex,
    "NFD": decomposed,
    "upper case": str.upper,
    "emoji": with_emoji,
    "spoken": unpunctuated,
    "mistyped": mistyped,
    "mistyped, no diacritics": lambda text: fold(mistyped(text)),
}
