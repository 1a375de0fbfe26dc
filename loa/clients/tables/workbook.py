"""An XLSX workbook: every visible sheet, its cells as somebody who looks at them reads them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from loa.clients.tables.line import MAX_CELLS, FileLine, Table

NO_VALUE = "#FORMULA!"  # For a formula that was never computed; as Excel's own errors are written.
_EXACT = 10**15  # Excel keeps fifteen digits: a longer number has lost its last ones.
_BLOCK = 1 << 20


def workbook_tables(path: Path) -> list[Table]:
    with path.open("rb") as file, closing(load_workbook(file, read_only=True)) as book:
        names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return [Table(name, partial(_lines, path, name)) for name in names]


def _lines(path: Path, name: str) -> Iterator[FileLine]:
    with ExitStack() as stack:
        values = _rows(stack, path, name, values=True)
        formulas = _rows(stack, path, name, values=False) if _has_formulas(path) else repeat(())
        for number, (row, written) in enumerate(zip(values, formulas, strict=False), start=1):
            cells = [_text(value) for value in row]
            for position, formula in enumerate(written):
                if isinstance(formula, str) and formula.startswith("=") and not cells[position]:
                    cells[position] = NO_VALUE
            while cells and not cells[-1].strip():
                cells.pop()
            if len(cells) > MAX_CELLS:
                yield FileLine(number, fault=f"dòng có hơn {MAX_CELLS} ô")
            elif cells:
                yield FileLine(number, cells)


def _rows(stack: ExitStack, path: Path, name: str, *, values: bool) -> Iterator[Sequence[Any]]:
    """Rows as they stand in the file. What the file says of its own size is not believed: exporters write `A1`."""
    file = stack.enter_context(path.open("rb"))  # Of a path the library looks at the name's end.
    book = stack.enter_context(closing(load_workbook(file, read_only=True, data_only=values)))
    sheet: Any = book[name]  # A read-only sheet, which the library's types do not know.
    sheet.reset_dimensions()
    rows: Iterator[Sequence[Any]] = sheet.iter_rows(values_only=True)
    return rows


def _has_formulas(path: Path) -> bool:
    """Returns whether any sheet has one: only then is a workbook read a second time, for what was written in its cells."""
    with ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return any(_contains(archive, name, (b"<f>", b"<f ")) for name in sheets)


def _contains(archive: ZipFile, name: str, wanted: tuple[bytes, ...]) -> bool:
    with archive.open(name) as file:
        tail = b""
        while block := file.read(_BLOCK):
            data = tail + block
            if any(mark in data for mark in wanted):
                return True
            tail = data[-2:]
    return False


def _text(value: object) -> str:
    """A whole number without a fraction; one that Excel has shortened as Excel shows it, so that nobody takes it for whole."""
    match value:
        case None:
            return ""
        case bool():
            return str(value)
        case int() | float() if abs(value) >= _EXACT:
            return f"{value:.2E}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
