"""The content files this understanding is trained from, parsed: wrong ones are refused by file, line and reason."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

FILE_LIMIT = 4_000_000  # Bytes of one content file; a larger one is a mistake.
Phrase = Annotated[str, Field(min_length=1, max_length=1_000)]


def _listed(value: object) -> object:
    """An empty YAML list is often written as nothing at all."""
    return [] if value in ("", None) else value


Phrases = Annotated[tuple[Phrase, ...], BeforeValidator(_listed)]


class ContentError(ValueError):
    """A content file cannot be used: the record is to blame, and the message names file, place and reason."""


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lesson(_File):
    """`utterances/<key>.yaml`: one key, how citizens ask for it, and what only looks like it."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    kind: Literal["procedure", "knowledge", "flow", "none"]
    title: Phrase
    codes: Phrases = ()
    objects: Phrases = ()
    asks: Phrases = ()
    says: Phrases
    not_this: Phrases = ()


class Language(_File):
    """`language/*.yaml`, joined."""

    words: Mapping[str, Phrase]
    phrases: Mapping[str, Phrase]
    onsets: Sequence[str]
    rimes: Sequence[str]
    frames: Mapping[str, Phrases]
    openings: Phrases
    stories: Phrases
    closings: Phrases
    facets: Mapping[str, Phrases]
    facet_order: Phrases
    facet_words: Mapping[str, str]
    signs: Mapping[str, Phrases]
    wishes: Mapping[str, Phrases]
    wish_edges: Mapping[str, Phrase]
    bare: Mapping[str, Phrases]
    bare_small: Phrases
    abroad: Phrases


class Entry(_File):
    """One row of `catalogue.csv`."""

    code: Annotated[str, Field(pattern=r"^\d\.\d{6}$")]
    name: Annotated[str, Field(min_length=3, max_length=2_000)]
    field: str = ""
    level: str = ""
    agency: str = ""


class Content(_File):
    lessons: tuple[Lesson, ...]
    language: Language
    catalogue: tuple[Entry, ...]


Model = TypeVar("Model", bound=BaseModel)


def _yaml(path: Path) -> object:
    if path.stat().st_size > FILE_LIMIT:
        raise ContentError(f"{path}: larger than {FILE_LIMIT} bytes; split it or remove what does not belong")
    try:
        # Every scalar stays text (no "no" read as False); the base loader builds nothing but text, lists and mappings.
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - CBaseLoader is safe
    except UnicodeDecodeError as wrong:
        raise ContentError(f"{path}: not UTF-8 at byte {wrong.start}") from None
    except yaml.YAMLError as wrong:
        raise ContentError(f"{path}: {' '.join(str(wrong).split())}") from None


def _line(path: Path, place: tuple[int | str, ...]) -> int:
    """The line, from 1, of the node that a validation error speaks of."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = [value for name, value in node.value if name.value == step]
            node = found[0] if found else node
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
    return int(node.start_mark.line) + 1 if node is not None else 1


def _checked(path: Path, said: object, model: type[Model]) -> Model:
    try:
        return model.model_validate(said)
    except ValidationError as wrong:
        raise _at(path, wrong) from None


def _at(path: Path, wrong: ValidationError) -> ContentError:
    first = wrong.errors()[0]
    line = f":{_line(path, first['loc'])}" if path.is_file() else ""
    return ContentError(f"{path}{line}: {'.'.join(map(str, first['loc'])) or 'file'}: {first['msg']}")


def _lessons(folder: Path) -> Iterator[Lesson]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ContentError(f"{folder}: no utterances; one <key>.yaml for each key is expected here")
    for path in paths:
        lesson = _checked(path, _yaml(path), Lesson)
        if lesson.key != path.stem:
            raise ContentError(f"{path}:1: key: is {lesson.key!r}, but the file is named {path.stem!r}")
        yield lesson


def _language(folder: Path) -> Language:
    joined: dict[str, object] = {}
    homes: dict[int | str, Path] = {}
    for path in sorted(folder.glob("*.yaml")):
        said = _yaml(path)
        if not isinstance(said, dict):
            raise ContentError(f"{path}:1: a mapping is expected")
        for name in said:
            if name not in Language.model_fields:
                known = ", ".join(Language.model_fields)
                raise ContentError(f"{path}:{_line(path, (name,))}: {name}: unknown; known are {known}")
            if name in joined:
                raise ContentError(f"{path}:{_line(path, (name,))}: {name}: already said in {homes[name]}")
            homes[name] = path
        joined |= said
    try:
        return Language.model_validate(joined)
    except ValidationError as wrong:
        raise _at(homes.get(wrong.errors()[0]["loc"][0], folder), wrong) from None


def _catalogue(path: Path) -> Iterator[Entry]:
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                yield Entry.model_validate({name: value for name, value in row.items() if name in Entry.model_fields})
            except ValidationError as wrong:
                first = wrong.errors()[0]
                raise ContentError(f"{path}:{line}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def read_content(folder: Path) -> Content:
    """Everything under `folder` that understanding needs. Raises ContentError."""
    return Content(
        lessons=tuple(_lessons(folder / "utterances")),
        language=_language(folder / "language"),
        catalogue=tuple(_catalogue(folder / "catalogue.csv")),
    )
