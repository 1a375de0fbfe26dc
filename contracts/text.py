"""Vietnamese as people type it, made comparable: `Hủy`, `HUỶ`, `huy` and fullwidth `ＨＵＹ` are one word to every service.

What comes from outside is normalised once where it enters a service, and read from there on; what is compared is folded.
Everything here takes time linear in the length. Unicode's own normalisation does not: it sorts the combining marks after a
letter by insertion, a second for a message of twenty thousand of them.
"""

import re
import unicodedata

MAX_LENGTH = 20_000  # Characters that are folded: the longest message there is.
_CACHED = (
    0x3000  # Code points that are remembered: Latin letters, marks and punctuation. Others cannot fill the memory.
)
_LETTERS = {
    "đ": "d",
    "ð": "d",
    "ɖ": "d",
    "ı": "i",
}  # Letters that Unicode does not take apart; people mistake them for đ and i.
_MINUS = "\u2212"
_INVISIBLE = frozenset("\u115f\u1160\u2800")  # Letters and signs that show nothing.
_DROPPED = frozenset({"Mn", "Me", "Cf"})  # Marks on a letter; characters that only steer how others are shown.
_LONG_RUN = re.compile(r"[^\w\s!-~]{9,}")  # No letter of any language carries nine marks.
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_DIGITS = frozenset("0123456789")
_MAX_DIGITS = 9  # Of a number that is read: more than anybody counts, and quickly converted.
_FULLWIDTH, _FULLWIDTH_OFFSET = range(0xFF01, 0xFF5F), 0xFEE0  # `！` to `～`: ASCII as East Asian keyboards write it.


class _Normalising(dict[int, str]):
    """What each character is read as."""

    def __missing__(self, code: int) -> str:
        normal = _normal_character(chr(code))
        if code < _CACHED:
            self[code] = normal
        return normal


def _normal_character(character: str) -> str:
    if ord(character) in _FULLWIDTH:
        return chr(ord(character) - _FULLWIDTH_OFFSET)
    if character in _INVISIBLE:
        return ""
    if character == _MINUS:
        return "-"
    match unicodedata.category(character):
        case "Nd":
            return str(unicodedata.decimal(character))
        case "Pd":
            return "-"
        case "Zs":
            return " "
        case "Zl" | "Zp":
            return "\n"
        case "Cc":
            return {"\n": "\n", "\t": " ", "\r": " "}.get(character, "")
        case "Cf" | "Cs":
            return ""
        case _:
            return character


_NORMALISING = _Normalising()


def normalise(text: str) -> str:
    """Returns the text as it is read: in NFC, dashes as hyphens, decimal digits of any script as 0-9, blanks as spaces.

    Line breaks stay; what is invisible, and what is beyond MAX_LENGTH, goes. Case and diacritics are as they were typed.
    """
    head = text[:MAX_LENGTH]
    return head if head.isascii() and head.isprintable() else compose(head.translate(_NORMALISING))


def read_number(text: str, digits: int = _MAX_DIGITS) -> int | None:
    """Returns the number that `text` is: 0-9 alone and at most `digits` of them. None for anything else: `²`, `①`, ten digits.

    The only way from text to a number: `isdigit` alone is true of `²`, on which `int` fails, as it does on thousands of digits.
    """
    return int(text) if len(text) <= digits and is_digits(text) else None


def is_digits(text: str) -> bool:
    """Returns whether `text` is one or more of 0-9 and nothing else."""
    return text.isascii() and text.isdigit()


def has_digit(text: str) -> bool:
    """Returns whether one of 0-9 is in `text`."""
    return not _DIGITS.isdisjoint(text)


class _Folding(dict[int, str]):
    """What each character folds to. Character by character there is no order of marks to restore."""

    def __missing__(self, code: int) -> str:
        folded = "".join(map(_fold_character, unicodedata.normalize("NFKD", chr(code)).casefold()))
        if code < _CACHED:
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    if character in _LETTERS:
        return _LETTERS[character]
    category = unicodedata.category(character)
    if category in _DROPPED or character in _INVISIBLE:
        return ""
    return "-" if category == "Pd" or character == _MINUS else character


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Returns the text in lower case without diacritics, each dash a hyphen, each run of blanks one space, none at the ends."""
    head = text[:MAX_LENGTH]
    return " ".join((head.lower() if head.isascii() else head.translate(_FOLDING)).split())


def fold_words(text: str) -> str:
    """Returns the folded words of a-z and 0-9, separated by single spaces."""
    return _NOT_WORD.sub(" ", fold(text)).strip()


def compose(text: str) -> str:
    """Returns the text in NFC. A run of more than eight signs loses its combining marks: they are no writing."""
    return text if text.isascii() else unicodedata.normalize("NFC", _LONG_RUN.sub(_without_marks, text))


def _without_marks(run: re.Match[str]) -> str:
    return "".join(sign for sign in run[0] if not unicodedata.combining(unicodedata.normalize("NFD", sign)[0]))
