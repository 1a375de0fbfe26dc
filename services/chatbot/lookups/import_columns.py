"""Columns of imported lists: what each may be called in a heading, and which a list cannot do without."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.text import fold_words

_PREFIX = re.compile(r"^(?:diem |mon )+")  # "Điểm môn Toán" is the column Toán.
_LONGEST = 200  # Characters of a heading that are read.


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is what a row is read by; `title` is what operators know it as, and `aliases` are further ways to write it.

    A list needs at least one column of each `need`; without one the column is optional. `digits` is the fixed length of
    its values, where Excel may have dropped a zero.
    """

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    need: str = ""
    digits: int = 0

    def headings(self) -> frozenset[str]:
        return frozenset(map(normalise, (self.name, self.title, *self.aliases)))


def normalise(heading: str) -> str:
    """`Số báo danh`, `SỐ BÁO DANH (*)` and `so_bao_danh` are the same heading."""
    folded = fold_words(heading[:_LONGEST].replace("_", " "))
    return _PREFIX.sub("", folded) or folded


def recognise(columns: Sequence[Column]) -> dict[str, Column]:
    """Returns the column of each heading there is. Raises ValueError when two columns claim one: a fault of ours."""
    by_heading: dict[str, Column] = {}
    for column in columns:
        for heading in column.headings():
            if by_heading.setdefault(heading, column) is not column:
                raise ValueError(f"{heading} is the heading of two columns")
    return by_heading


def missing_needs(columns: Sequence[Column], found: Sequence[Column]) -> list[str]:
    """Returns what a list with the columns `found` lacks, each with the headings that would do."""
    needs = dict.fromkeys(column.need for column in columns if column.need)
    lacking = needs.keys() - {column.need for column in found}
    titles = {need: [column.title for column in columns if column.need == need] for need in needs}
    return [f"{need} ({_few(titles[need])})" for need in needs if need in lacking]


def _few(titles: Sequence[str]) -> str:
    shown = ", ".join(titles[:3])
    return f"{shown}, …" if len(titles) > 3 else shown  # noqa: PLR2004 — as many as fit a line.
