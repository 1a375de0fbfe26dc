"""A CSV file, each line on its own: a quote that nobody closed costs its line, never the lines behind it."""

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from loa.clients.tables.line import MAX_CELLS, FileLine, Table

DELIMITERS = {",": "dấu phẩy", ";": "dấu chấm phẩy", "\t": "dấu tab"}  # Excel in Vietnamese writes semicolons.
MAX_LINE = 262_144  # Characters. A line of a list has hundreds.
_OPEN_QUOTE = "dấu ngoặc kép mở mà không đóng trên cùng dòng; một ô không được có dấu xuống dòng"


def csv_tables(path: Path) -> list[Table]:
    """Returns the file by each delimiter there may be: which is right shows in which header is found."""
    return [Table(name, partial(_lines, path, delimiter)) for delimiter, name in DELIMITERS.items()]


def is_torn(path: Path) -> bool:
    """Returns whether the last line lacks its end: what a copy leaves that was cut off."""
    with path.open("rb") as file:
        if file.seek(0, 2) == 0:
            return False
        file.seek(-1, 2)
        return file.read(1) not in b"\r\n"


def _lines(path: Path, delimiter: str) -> Iterator[FileLine]:
    """Raises UnicodeDecodeError for what is not UTF-8, ValueError for a line without end."""
    with path.open(encoding="utf-8-sig") as file:
        number = 0
        while text := file.readline(MAX_LINE):
            number += 1
            if len(text) == MAX_LINE:
                raise ValueError("a line without end")
            if (line := _line(number, text.rstrip("\n"), delimiter)) is not None:
                yield line


def _line(number: int, text: str, delimiter: str) -> FileLine | None:
    if '"' not in text:
        cells = text.split(delimiter)
    else:
        try:
            cells = next(csv.reader([text], delimiter=delimiter, strict=True))
        except csv.Error:
            return FileLine(number, fault=_OPEN_QUOTE)
    if len(cells) > MAX_CELLS:
        return FileLine(number, fault=f"dòng có hơn {MAX_CELLS} ô")
    return FileLine(number, cells) if any(map(str.strip, cells)) else None
