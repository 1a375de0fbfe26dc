"""Writes the forms' files. The chatbot never does this; an editor does, by `loa content forms`."""

from pathlib import Path

from services.chatbot.content.docx import render
from services.chatbot.content.draft import Reader
from services.chatbot.content.errors import Faults
from services.chatbot.content.models.form import Form, Template
from services.chatbot.content.snapshot import Snapshot


def made_forms(root: Path) -> dict[Path, bytes]:
    """The file of every form that is ours, by its path. Raises ContentErrors when forms or templates are not valid."""
    faults = Faults()
    reader = Reader(Snapshot.take(root), faults)
    forms = reader.listed(Form, "forms/forms.yaml", "forms")
    templates = {one.value.form: one.value for one in reader.folder(Template, "forms/templates")}
    ours = [one for one in forms if not one.value.official]
    for one in ours:
        if one.value.id not in templates:
            faults.add(one.file, one.line, f"biểu mẫu «{one.value.id}» không có khuôn trong forms/templates")
    faults.raise_if_any()
    return {root / "forms" / one.value.file: render(one.value, templates[one.value.id]) for one in ours}


def make_forms(root: Path) -> list[Path]:
    """Write them. A file that is the same already is left alone, so nothing reloads for nothing."""
    made = made_forms(root)
    for path, body in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != body:
            path.write_bytes(body)
    return list(made)
