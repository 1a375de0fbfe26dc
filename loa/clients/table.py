"""A CSV or XLSX file as rows, however large: one row in memory at a time, each with its line."""

import csv
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from loa.runtime.errors import SetupError

LONGEST_CELL = 65_536
Row = tuple[int, list[str]]  # The line as an editor counts it, and its cells.


def rows(path: Path) -> Iterator[Row]:
    """The header first. Raises SetupError on a file that is neither, or cannot be read."""
    try:
        if path.suffix.lower() == ".xlsx":
            yield from _sheet(path)
        else:
            yield from _csv(path)
    except (OSError, UnicodeDecodeError, csv.Error, BadZipFile, InvalidFileException, KeyError, ValueError) as bad:
        what = f"{path.name} không đọc được ({type(bad).__name__})."
        raise SetupError(what, "Lưu tệp dạng CSV (UTF-8, có dòng tiêu đề) hoặc XLSX rồi thử lại.") from bad


def _csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(min(LONGEST_CELL, sys.maxsize))
    with path.open(newline="", encoding="utf-8-sig") as file:
        sample = file.read(8_192)
        file.seek(0)
        reader = csv.reader(file, delimiter=_delimiter(sample))
        for cells in reader:
            if any(cells):
                yield reader.line_num, cells


def _delimiter(sample: str) -> str:
    """Excel in Vietnamese writes semicolons."""
    head = sample.split("\n", 1)[0]
    return max((",", ";", "\t"), key=head.count)


def _sheet(path: Path) -> Iterator[Row]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            texts = ["" if cell is None else str(cell) for cell in cells]
            if any(texts):
                yield line, texts
    finally:
        book.close()


def digest(path: Path) -> str:
    """SHA-256 of the file: how a load that stopped is recognised."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
