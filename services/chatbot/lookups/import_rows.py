"""Turns a line of an imported file into what is stored. A bad one is reported by line and reason, which quote nothing of it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from chassis.crypto import KeyRing, Pepper, Place
from chassis.mongo import Document
from contracts.text import is_digits
from services.chatbot.lookups.import_columns import Column
from services.chatbot.lookups.import_header import Header

LONGEST_CELL = 1_000
_EXCEL_ERROR = re.compile(r"#(?:N/A|[A-Z0-9/]+[!?])")  # `#REF!`; `#FORMULA!` is a formula that was never computed.
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+\d+|\d[.,]\d+E\d+", re.ASCII | re.IGNORECASE)  # 1.09E+11, and 1,09E11.


class BadRowError(ValueError):
    """The row is at fault; the text says why, in Vietnamese, and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line's cells by column. `dropped` are reasons why a cell was left out, although the row is kept."""

    line: int
    cells: Mapping[str, str] = field(repr=False)
    dropped: list[str] = field(default_factory=list)

    def cell(self, name: str) -> str:
        """Returns the cell with single blanks, "" where there is none. Raises BadRowError for what cannot be its value."""
        value = " ".join(self.cells.get(name, "").split())
        if len(value) > LONGEST_CELL:
            raise BadRowError(f"ô {name} dài quá {LONGEST_CELL} ký tự")
        if value.startswith("#") and _EXCEL_ERROR.fullmatch(value.upper()):
            raise BadRowError(f"ô {name} là công thức chưa có giá trị hoặc có lỗi")
        return value

    def code(self, name: str) -> str:
        """Returns a cell of which every digit counts. Raises BadRowError when Excel has shortened the number."""
        value = self.cell(name)
        if _SHORTENED.fullmatch(value):
            raise BadRowError(f"ô {name} đã mất chữ số vì Excel (dạng 1.09E+11): định dạng cột là Văn bản rồi xuất lại")
        return value

    def drop(self, reason: str) -> None:
        """The row is kept without the cell, and whoever imports it hears of that."""
        self.dropped.append(reason)


@dataclass(frozen=True, slots=True)
class Sealer:
    """What a row is stored under: pseudonyms to find it by, a key to seal the rest for its place."""

    ring: KeyRing
    pepper: Pepper
    place: Callable[[str, str], Place]  # Of a row, by its kind and its id within the load.

    def seal(self, kind: str, row_id: str, fields: Any) -> str:
        return self.ring.seal(orjson.dumps(fields), self.place(kind, row_id))


ParseRow = Callable[[Row, Sealer], Document]


@dataclass(frozen=True, slots=True)
class RowFormat:
    """The columns of a kind of list, and what becomes of a row. A citizen is asked for `name_column` where a list has it."""

    columns: tuple[Column, ...]
    parse: ParseRow
    name_column: str = ""

    def parse_lines(
        self, lines: Sequence[tuple[int, Sequence[Any]]], header: Header, sealer: Sealer
    ) -> tuple[list[Document], list[Document]]:
        """Returns the good rows as documents, and the faults as `{line, reason, kept}`."""
        digits = {column.name: column.digits for column in self.columns if column.name in header.shortened}
        documents: list[Document] = []
        faults: list[Document] = []
        for number, cells in lines:
            try:
                row = _row(number, cells, header, digits)
                documents.append(self.parse(row, sealer))
                faults += [{"line": number, "reason": reason, "kept": True} for reason in row.dropped]
            except BadRowError as fault:
                faults.append({"line": number, "reason": str(fault), "kept": False})
        return documents, faults


def _row(line: int, cells: Sequence[Any], header: Header, digits: Mapping[str, int]) -> Row:
    texts = ["" if cell is None else str(cell) for cell in cells]
    if any(text.strip() for text in texts[len(header.columns) :]):
        raise BadRowError("nhiều ô hơn số cột")
    by_name = {name: text for name, text in zip(header.columns, texts, strict=False) if name}
    for name, length in digits.items():
        by_name[name] = _with_lost_zero(by_name.get(name, ""), length)
    return Row(line, by_name)


def _with_lost_zero(text: str, digits: int) -> str:
    number = text.strip()
    return f"0{number}" if len(number) == digits - 1 and is_digits(number) else text
