"""How people write names of places, and how names are found in a sentence. All text here is folded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.text import is_digits

TYPES = ("phuong", "xa", "thi tran", "dac khu", "quan", "huyen", "thi xa", "thanh pho", "tinh")
WARD_TYPES = TYPES[:4]
MAX_NAME_WORDS = 6  # Words in the longest name of a ward.
_SHORT = {
    "p": "phuong", "f": "phuong", "x": "xa", "tt": "thi tran", "q": "quan", "h": "huyen", "tx": "thi xa",
    "tp": "thanh pho", "t": "tinh", "hcm": "ho chi minh", "tphcm": "thanh pho ho chi minh", "sg": "ho chi minh",
    "hn": "ha noi", "ca": "cong an", "cap": "cong an phuong", "caq": "cong an quan",
}  # fmt: skip
_NUMBERED = re.compile(r"\b([pfq])0*([0-9]{1,2})\b")  # p12, q.12 (folding has taken the dot)
_LEADING_ZERO = re.compile(r"\b0+([1-9])")


def expand(folded: str) -> str:
    """Returns the text with abbreviations expanded: `ca p.hiep thanh q12` becomes `cong an phuong hiep thanh quan 12`."""
    spaced = _LEADING_ZERO.sub(r"\1", _NUMBERED.sub(r"\1 \2", folded))
    return " ".join(_SHORT.get(word, word) for word in spaced.split())


def split_type(folded: str) -> tuple[str, str]:
    """Returns (type, bare name): `phuong thoi an` becomes (`phuong`, `thoi an`); without a type, it is empty."""
    for type_ in TYPES:
        if folded.startswith(f"{type_} ") and (type_ != "xa" or not folded.startswith("xa doi")):
            return type_, folded.removeprefix(f"{type_} ")
    return "", folded


def index_key(folded: str) -> str:
    """Returns a name's key in an index: without its type, except for numbers, as `1` alone names nothing."""
    type_, name = split_type(folded)
    return folded if is_digits(name) else name or type_


@dataclass(frozen=True, slots=True)
class Mention:
    """Consecutive words that may be a name; `type` is the type of place right before them."""

    name: str
    type: str
    words: int
    rest: str  # The question without it, padded with spaces.


def mentions(question: str) -> Iterator[Mention]:
    """Returns all that may be a name, longest first. `question` is folded and expanded."""
    words = question.split()[:60]
    for size in range(min(MAX_NAME_WORDS, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            run = " ".join(words[start : start + size])
            before, after = words[:start], words[start + size :]
            if (
                f"{' '.join(before[-1:])} {words[start]}" in TYPES
                or f"{run.split()[-1]} {' '.join(after[:1])}" in TYPES
            ):
                continue  # `phố Vinh` is no name when `thành phố Vinh` was said.
            type_ = next((t for t in TYPES if before[-len(t.split()) :] == t.split()), "")
            left = before[: len(before) - len(type_.split())] if type_ else before
            yield Mention(run, type_, size, f" {' '.join([*left, '|', *after])} ")
