"""Writes the forms' files. Not used by the chatbot: an editor runs it with `loa content forms`."""

from pathlib import Path

from services.chatbot.content.forms.docx import render
from services.chatbot.content.loader.directory import take_snapshot
from services.chatbot.content.loader.errors import Faults
from services.chatbot.content.loader.reader import Reader
from services.chatbot.content.models.form import Form, Template


def render_forms(root: Path) -> dict[Path, bytes]:
    """Returns the file of each form of ours, by its path. Raises ContentErrors when forms or templates are not valid."""
    faults = Faults()
    reader = Reader(take_snapshot(root), faults)
    forms = reader.listed(Form, "forms/forms.yaml", "forms")
    templates = {item.value.form: item.value for item in reader.folder(Template, "forms/templates")}
    own_forms = [item for item in forms if not item.value.official]
    for item in own_forms:
        if item.value.id not in templates:
            faults.add(item.file, item.line, f"biểu mẫu «{item.value.id}» không có khuôn trong forms/templates")
    faults.raise_if_any()
    return {root / "forms" / item.value.file: render(item.value, templates[item.value.id]) for item in own_forms}


def write_forms(root: Path) -> list[Path]:
    """Writes them and returns their paths. Unchanged files are not touched, so that they cause no reload."""
    rendered = render_forms(root)
    for path, body in rendered.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != body:
            path.write_bytes(body)
    return list(rendered)
