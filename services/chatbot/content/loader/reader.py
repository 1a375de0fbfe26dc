"""Reads files into models that still know their file and line, so that later checks can name them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel

from services.chatbot.content.loader.csv_table import parse_csv
from services.chatbot.content.loader.errors import Faults
from services.chatbot.content.loader.shape import model_of, models_of, row_of
from services.chatbot.content.loader.snapshot import Snapshot
from services.chatbot.content.loader.yaml_document import PathStep, YamlDocument, parse_yaml

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Written(Generic[M]):
    """A model, and the file and line it is written in."""

    value: M
    file: str
    line: int
    document: YamlDocument | None = None
    base: tuple[PathStep, ...] = ()

    def line_of(self, *path: PathStep) -> int:
        """Returns the line of what is under `path` within the model."""
        return self.document.line((*self.base, *path)) if self.document else self.line


@dataclass(slots=True)
class Reader:
    """Reads the files of a snapshot, and records which, so that unknown files are noticed."""

    snapshot: Snapshot
    faults: Faults
    read: set[str] = field(default_factory=set)

    def document(self, file: str) -> YamlDocument | None:
        """Returns a YAML file, or None with its faults added."""
        body = self._body(file)
        return None if body is None else parse_yaml(body, file, self.faults)

    def single(self, model: type[M], file: str) -> Written[M] | None:
        """Returns the model of a file that holds one item."""
        document = self.document(file)
        value = model_of(model, document, self.faults) if document else None
        return None if value is None else Written(value, file, 1, document)

    def folder(self, model: type[M], folder: str) -> Iterator[Written[M]]:
        """Returns the models of `folder`/*.yaml, one item per file."""
        for file in list(self.snapshot.under(folder, ".yaml")):
            item = self.single(model, file)
            if item is not None:
                yield item

    def listed(self, model: type[M], file: str, at: str, *, needed: bool = True) -> list[Written[M]]:
        """Returns the models of a file that holds a list under the key `at`; with `at` empty, the file itself is the list."""
        if not needed and file not in self.snapshot.files:
            return []
        document = self.document(file)
        if document is None:
            return []
        if not at:
            document = YamlDocument(
                file, {"": document.data}, {("", *path): line for path, line in document.lines.items()}
            )
        return [
            Written(value, file, line, document, (at, index))
            for index, line, value in models_of(model, document, self.faults, at)
        ]

    def table(self, model: type[M], file: str, *, needed: bool = True) -> list[Written[M]]:
        """Returns the rows of a CSV file; unless `needed`, the file may be missing."""
        if not needed and file not in self.snapshot.files:
            return []
        body = self._body(file)
        if body is None:
            return []
        rows = parse_csv(body, file, tuple(model.model_fields), self.faults)
        shaped = ((row.line, row_of(model, row, file, self.faults)) for row in rows)
        return [Written(value, file, line) for line, value in shaped if value is not None]

    def fault_strays(self, ignored: tuple[str, ...]) -> None:
        """Adds a fault for each file that was not read, except paths that begin with one of `ignored`."""
        for file in self.snapshot.files:
            if file not in self.read and not file.startswith(ignored):
                self.faults.add(file, 1, "không nhận ra tệp này; xem content/README.md về tên tệp và thư mục")

    def _body(self, file: str) -> bytes | None:
        self.read.add(file)
        body = self.snapshot.files.get(file)
        if body is None:
            self.faults.add(file, 1, "thiếu tệp này")
        return body
