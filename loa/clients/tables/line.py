"""What every kind of file is read into: tables of lines, each with its number and its cells, or with what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

MAX_CELLS = 500  # Of one line. Offices' lists have a dozen; what has more is no list.


@dataclass(frozen=True, slots=True)
class FileLine:
    """`number` is as an editor counts. `fault` says, in Vietnamese, why the line cannot be read; it quotes nothing of it."""

    number: int
    cells: list[str] = field(repr=False, default_factory=list)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One way to read the file: a sheet of a workbook, or a CSV by one delimiter. Blank lines are left out."""

    name: str
    lines: Callable[[], Iterator[FileLine]]
