"""Which kind of file it is, by its bytes; and how a load that stopped is recognised."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

from openpyxl.utils.exceptions import InvalidFileException

from loa.clients.tables.csv_file import csv_tables, is_torn
from loa.clients.tables.line import FileLine, Table
from loa.clients.tables.workbook import workbook_tables
from loa.runtime.errors import SetupError

_ZIP = b"PK\x03\x04"
_UNREADABLE = (OSError, UnicodeDecodeError, csv.Error, BadZipFile, InvalidFileException, KeyError, ValueError)
REMEDY = "Lưu tệp dạng CSV (UTF-8, có dòng tiêu đề) hoặc XLSX rồi thử lại."


@dataclass(frozen=True, slots=True)
class ListFile:
    path: Path

    @property
    def is_workbook(self) -> bool:
        with self.path.open("rb") as file:
            return file.read(len(_ZIP)) == _ZIP

    @property
    def is_torn(self) -> bool:
        """Returns whether it ends in the middle of a line. A workbook that was cut cannot be read at all."""
        return not self.is_workbook and is_torn(self.path)

    def tables(self) -> list[Table]:
        """Returns every way to read it. Raises SetupError on a file that cannot be read."""
        try:
            return workbook_tables(self.path) if self.is_workbook else csv_tables(self.path)
        except _UNREADABLE as error:
            raise self._unreadable(error) from error

    def head(self, table: Table, count: int) -> list[FileLine]:
        return list(islice(self.lines(table), count))

    def lines(self, table: Table) -> Iterator[FileLine]:
        """One line in memory at a time, however long the file. Raises SetupError where it cannot be read."""
        try:
            yield from table.lines()
        except _UNREADABLE as error:
            raise self._unreadable(error) from error

    def digest(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _unreadable(self, error: BaseException) -> SetupError:
        return SetupError(f"{self.path.name} không đọc được ({type(error).__name__}).", REMEDY)
