"""Files as offices make them, line by line: what Excel shows is what is read; what cannot be read says so by its line."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from loa.clients.tables import csv_file
from loa.clients.tables.files import ListFile
from loa.clients.tables.line import FileLine
from loa.runtime.errors import SetupError


def read(path: Path, table: int = 0) -> list[FileLine]:
    file = ListFile(path)
    return list(file.lines(file.tables()[table]))


def cells(lines: list[FileLine]) -> list[list[str]]:
    return [line.cells for line in lines]


def csv_of(folder: Path, data: bytes) -> Path:
    path = folder / "a.csv"
    path.write_bytes(data)
    return path


def book_of(folder: Path, *rows: list[Any]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def rewritten(path: Path, pattern: str, replacement: str) -> Path:
    """The workbook, with its first sheet's XML changed: as exporters write it that are not Excel."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(pattern, replacement, parts[sheet].decode()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r\r\n", b"\r"])
def test_lines_end_however_they_end_and_blank_ones_are_left_out(tmp_path: Path, end: bytes) -> None:
    path = csv_of(tmp_path, end.join([b"a,b", b"1,2", b" , ", b"3,4", b""]))
    assert cells(read(path)) == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_a_csv_is_read_by_every_delimiter_and_the_header_decides(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "a;b\n7,5;8,25\n".encode("utf-8-sig"))
    assert [cells(read(path, table))[1] for table in range(3)] == [["7", "5;8", "25"], ["7,5", "8,25"], ["7,5;8,25"]]


def test_a_quote_is_closed_on_its_own_line_or_the_line_is_at_fault(tmp_path: Path) -> None:
    lines = read(csv_of(tmp_path, b'a,b\n"x, y",1\n"open,2\n3,4\n"a"b,5\nO"Hara,6\n'))
    assert [(line.number, bool(line.fault)) for line in lines] == [
        (1, False),
        (2, False),
        (3, True),
        (4, False),
        (5, True),
        (6, False),
    ]
    assert lines[1].cells == ["x, y", "1"]
    assert lines[5].cells == ['O"Hara', "6"]


@pytest.mark.parametrize(("data", "torn"), [(b"", False), (b"a\n", False), (b"a\r", False), (b"a\nb", True)])
def test_a_file_whose_last_line_has_no_end_is_torn(tmp_path: Path, data: bytes, torn: bool) -> None:
    assert ListFile(csv_of(tmp_path, data)).is_torn is torn


@pytest.mark.parametrize(
    "data",
    ["SBD\tTên\n".encode("utf-16"), "Họ tên\n".encode("cp1258", "replace") + b"\xd0\xd0\n", b"PK\x03\x04rubbish"],
)
def test_what_is_neither_csv_in_utf8_nor_a_workbook_is_refused_with_the_remedy(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(SetupError, match="UTF-8"):
        read(csv_of(tmp_path, data))


def test_a_line_without_end_and_one_of_a_thousand_cells_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(csv_of(tmp_path, b"," * 999 + b"x\n"))[0].fault
    monkeypatch.setattr(csv_file, "MAX_LINE", 100)
    with pytest.raises(SetupError, match="không đọc được"):
        read(csv_of(tmp_path, b"x" * 101))


def test_numbers_of_a_workbook_are_read_as_excel_shows_them(tmp_path: Path) -> None:
    path = book_of(tmp_path, [37000001, 7.0, 6.25, True, 12345678901234567890, None, "  "])
    assert cells(read(path)) == [["37000001", "7", "6.25", "True", "1.23E+19"]]


def test_a_workbook_that_says_it_has_one_cell_is_read_whole(tmp_path: Path) -> None:
    path = rewritten(book_of(tmp_path, ["a", "b"], [1, 2]), r'<dimension ref="[^"]*"', '<dimension ref="A1"')
    assert cells(read(path)) == [["a", "b"], ["1", "2"]]


def test_a_formula_that_was_never_computed_is_no_empty_cell(tmp_path: Path) -> None:
    path = book_of(tmp_path, ["a", "b"], [1, "=A2+1"])
    assert cells(read(path))[1] == ["1", "#FORMULA!"]
    computed = rewritten(path, r"<f>A2\+1</f><v\s*/>|<f>A2\+1</f><v></v>", "<f>A2+1</f><v>2</v>")
    assert cells(read(computed))[1] == ["1", "2"]


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("cũ").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert [table.name for table in ListFile(tmp_path / "a.xlsx").tables()] == ["Sheet"]


def test_a_workbook_is_known_by_its_bytes_not_by_its_name(tmp_path: Path) -> None:
    path = book_of(tmp_path, ["a"]).rename(tmp_path / "a.csv")
    assert cells(read(path)) == [["a"]]
