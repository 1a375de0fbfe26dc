"""Finds the header of a list: under any titles, in one line or two, on whichever sheet it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from contracts.text import is_digits
from services.chatbot.lookups.import_columns import Column, missing_needs, normalise, recognise

MAX_NAMES = 20  # Headings that are named in a message.
MAX_HEADING = 40  # Characters of one.

HeadLine = tuple[int, Sequence[str]]  # The line's number and its cells.


class NoHeaderError(ValueError):
    """The file has no header that can be used; the text says why, in Vietnamese. It quotes headings, never a row."""


@dataclass(frozen=True, slots=True)
class Head:
    """The first lines of one table of the file: of a sheet, or of a CSV read by one delimiter."""

    name: str
    lines: Sequence[HeadLine] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Header:
    """`columns` are the names by position, "" for one that is not used; `shortened` those of which Excel dropped a zero."""

    table: int
    line: int
    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    shortened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    table: int
    line: int
    headings: Sequence[str]
    found: Sequence[Column | None]
    missing: Sequence[str]

    @property
    def score(self) -> int:
        return sum(column is not None for column in self.found)

    @property
    def fits(self) -> bool:
        return not self.missing


def find_header(heads: Sequence[Head], columns: Sequence[Column]) -> Header:
    """Raises NoHeaderError when there is none, when two sheets have one, or when two columns hold the same."""
    by_heading = recognise(columns)
    best = [candidate for table, head in enumerate(heads) if (candidate := _best(table, head, columns, by_heading))]
    fitting = [candidate for candidate in best if candidate.fits]
    if not fitting:
        raise NoHeaderError(_none_fits(columns, best))
    if len(fitting) > 1:
        names = " và ".join(f"“{heads[candidate.table].name[:MAX_HEADING]}”" for candidate in fitting[:2])
        raise NoHeaderError(f"hai trang cùng có danh sách: {names}; chỉ để lại một trang trong tệp")
    candidate = fitting[0]
    _refuse_two_of_one(candidate)
    used = tuple(column.name if column else "" for column in candidate.found)
    return Header(
        candidate.table,
        candidate.line,
        used,
        _left_out(candidate),
        _shortened(heads[candidate.table], candidate.line, candidate.found),
    )


def _best(table: int, head: Head, columns: Sequence[Column], by_heading: dict[str, Column]) -> _Candidate | None:
    """The first line that has all a list needs, alone or with the line under it; else the one that comes nearest."""
    candidates: list[_Candidate] = []
    for (number, cells), (next_number, below) in pairwise([*head.lines, (0, ())]):
        alone = _candidate(table, number, cells, columns, by_heading)
        both = _candidate(table, next_number, _merged(cells, below), columns, by_heading)
        candidate = both if both.score > alone.score else alone
        if candidate.fits:
            return candidate
        candidates.append(candidate)
    return max(candidates, key=lambda candidate: candidate.score, default=None)


def _candidate(
    table: int, line: int, headings: Sequence[str], columns: Sequence[Column], by_heading: dict[str, Column]
) -> _Candidate:
    found = [by_heading.get(normalise(heading)) for heading in headings]
    return _Candidate(table, line, headings, found, missing_needs(columns, [column for column in found if column]))


def _merged(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """A header of two lines: `Điểm thi` over `Toán`, `Ngữ văn`; what stands below is the closer heading."""
    width = max(len(upper), len(lower))
    above, below = (list(cells) + [""] * (width - len(cells)) for cells in (upper, lower))
    return [under if under.strip() else over for over, under in zip(above, below, strict=True)]


def _refuse_two_of_one(candidate: _Candidate) -> None:
    positions: dict[str, int] = {}
    for position, column in enumerate(candidate.found):
        if column is None:
            continue
        first = positions.setdefault(column.name, position)
        if first != position:
            named = " và ".join(
                f"“{candidate.headings[place].strip()[:MAX_HEADING]}” (cột {place + 1})" for place in (first, position)
            )
            raise NoHeaderError(f"dòng {candidate.line}: hai cột cùng là {column.title}: {named}; bỏ bớt một cột")


def _left_out(candidate: _Candidate) -> tuple[str, ...]:
    pairs = zip(candidate.headings, candidate.found, strict=True)
    names = [heading.strip()[:MAX_HEADING] for heading, column in pairs if column is None and heading.strip()]
    return tuple(names[:MAX_NAMES])


def _shortened(head: Head, line: int, found: Sequence[Column | None]) -> tuple[str, ...]:
    """Columns of fixed length whose every value is one digit short. A single short one among whole ones proves nothing."""
    rows = [cells for number, cells in head.lines if number > line]
    return tuple(
        column.name
        for position, column in enumerate(found)
        if column is not None and column.digits and _all_short(rows, position, column.digits)
    )


def _all_short(rows: Sequence[Sequence[str]], position: int, digits: int) -> bool:
    values = [cells[position].strip() for cells in rows if position < len(cells) and cells[position].strip()]
    numbers = [value for value in values if is_digits(value)]
    return bool(numbers) and all(len(number) == digits - 1 and number[0] != "0" for number in numbers)


def _none_fits(columns: Sequence[Column], best: Sequence[_Candidate]) -> str:
    """Names what was looked for, and what was found where. Only known headings are repeated: the line may be a person's."""
    nearest = max(best, key=lambda candidate: candidate.score, default=None)
    wanted = "; ".join(missing_needs(columns, []))
    if nearest is None or not nearest.score:
        return f"không tìm thấy dòng tiêu đề trong những dòng đầu. Cần các cột: {wanted}"
    found = ", ".join(column.title for column in nearest.found if column)
    unknown = sum(
        column is None and bool(heading.strip())
        for heading, column in zip(nearest.headings, nearest.found, strict=True)
    )
    also = f" và {unknown} cột khác không rõ" if unknown else ""
    return f"dòng {nearest.line} giống dòng tiêu đề nhất: thấy {found}{also}; còn thiếu {'; '.join(nearest.missing)}"
