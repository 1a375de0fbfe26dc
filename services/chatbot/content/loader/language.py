"""Joins `language/*.yaml` to one model. Each fault names the file and line it is written in."""

from services.chatbot.content.loader.reader import Reader
from services.chatbot.content.loader.shape import validated
from services.chatbot.content.loader.yaml_document import Path, YamlDocument, YamlValue
from services.chatbot.content.models.training import Language

FOLDER = "language"


def read_language(reader: Reader) -> Language | None:
    """Returns the language of a snapshot, or None with its faults added to the reader's."""
    headings: dict[str, YamlValue] = {}
    documents: dict[str, YamlDocument] = {}
    read = [reader.document(file) for file in reader.snapshot.under(FOLDER, ".yaml")]
    for document in read:
        if document is not None:
            _add_headings(document, headings, documents, reader)
    if None in read:
        return None  # Its headings would be reported as missing.

    def place(path: Path) -> tuple[str, int]:
        document = documents.get(str(path[0])) if path else None
        return (document.file, document.line(path)) if document else (FOLDER, 1)

    return validated(Language, headings, reader.faults, place)


def _add_headings(
    document: YamlDocument, headings: dict[str, YamlValue], documents: dict[str, YamlDocument], reader: Reader
) -> None:
    if not isinstance(document.data, dict):
        reader.faults.add(document.file, 1, "tệp phải gồm các mục (tên: nội dung)")
        return
    for name, value in document.data.items():
        if name in documents:
            reader.faults.add(document.file, document.line((name,)), f"mục «{name}» đã có ở {documents[name].file}")
        else:
            headings[name], documents[name] = value, document
