"""CSV to rows with line numbers."""

import csv
import io
import unicodedata
from dataclasses import dataclass

from services.chatbot.content.loader.errors import Faults
from services.chatbot.content.loader.yaml_document import decode_text


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row, and the line it begins on."""

    line: int
    cells: dict[str, str | None]  # An empty cell is None: the value is missing.


def parse_csv(body: bytes, file: str, columns: tuple[str, ...], faults: Faults) -> list[CsvRow]:
    """Returns the rows of a table with exactly these columns, in any order. Rows with faults are left out."""
    text = decode_text(body, file, faults)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(unicodedata.normalize("NFC", text), newline=""), strict=True)
    rows: list[CsvRow] = []
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
            rows.append(CsvRow(line, {name: cell.strip() or None for name, cell in zip(header, cells, strict=True)}))
    except csv.Error:
        faults.add(file, reader.line_num or 1, "sai cú pháp CSV: dấu nháy kép không được đóng, hoặc ô quá dài")
    return rows
