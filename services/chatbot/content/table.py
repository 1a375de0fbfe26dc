"""CSV to rows with line numbers."""

import csv
import io
import unicodedata
from dataclasses import dataclass

from services.chatbot.content.document import text_of
from services.chatbot.content.errors import Faults


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: dict[str, str | None]  # An empty cell is None: the fact is missing.


def parse_csv(body: bytes, file: str, columns: tuple[str, ...], faults: Faults) -> list[Row]:
    """The rows under exactly these columns, in any order. Rows that do not fit are faults and left out."""
    text = text_of(body, file, faults)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(unicodedata.normalize("NFC", text), newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        if sorted(header) != sorted(columns):
            faults.add(file, 1, f"dòng đầu phải có đúng các cột: {', '.join(columns)}")
            return []
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cells):
                continue
            if len(cells) != len(header):
                faults.add(file, line, f"dòng có {len(cells)} ô, cần {len(header)}")
                continue
            rows.append(Row(line, {name: cell.strip() or None for name, cell in zip(header, cells, strict=True)}))
    except csv.Error as bad:
        faults.add(file, reader.line_num or 1, f"sai cú pháp CSV: {bad}")
    return rows
