"""The content files this understanding is trained from, parsed: wrong ones are refused by file, line and reason."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

FILE_LIMIT = 4_000_000  # Bytes of one content file; a larger one is a mistake.
Phrase = Annotated[str, Field(min_length=1, max_length=1_000)]


def _as_list(value: object) -> object:
    """An empty YAML list is often written as nothing at all."""
    return [] if value in ("", None) else value


Phrases = Annotated[tuple[Phrase, ...], BeforeValidator(_as_list)]


class TrainingDataError(ValueError):
    """A content file cannot be used: the record is to blame, and the message names file, place and reason."""


class _DataModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Intent(_DataModel):
    """`utterances/<key>.yaml`: one key, how citizens ask for it, and what only looks like it."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    kind: Literal["procedure", "knowledge", "flow", "none"]
    title: Phrase
    codes: Phrases = ()
    objects: Phrases = ()
    asks: Phrases = ()
    says: Phrases
    not_this: Phrases = ()


class Language(_DataModel):
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


class CatalogueEntry(_DataModel):
    """One row of `catalogue.csv`."""

    code: Annotated[str, Field(pattern=r"^\d\.\d{6}$")]
    name: Annotated[str, Field(min_length=3, max_length=2_000)]
    field: str = ""
    level: str = ""
    agency: str = ""


class TrainingData(_DataModel):
    intents: tuple[Intent, ...]
    language: Language
    catalogue: tuple[CatalogueEntry, ...]


Model = TypeVar("Model", bound=BaseModel)


def _read_yaml(path: Path) -> object:
    if path.stat().st_size > FILE_LIMIT:
        raise TrainingDataError(f"{path}: larger than {FILE_LIMIT} bytes; split it or remove what does not belong")
    try:
        # Every scalar stays text (no "no" read as False); the base loader builds nothing but text, lists and mappings.
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - CBaseLoader is safe
    except UnicodeDecodeError as error:
        raise TrainingDataError(f"{path}: not UTF-8 at byte {error.start}") from None
    except yaml.YAMLError as error:
        raise TrainingDataError(f"{path}: {' '.join(str(error).split())}") from None


def _line(path: Path, path_in_file: tuple[int | str, ...]) -> int:
    """The line, from 1, of the node that a validation error speaks of."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    for step in path_in_file:
        if isinstance(node, yaml.MappingNode):
            values = [value for name, value in node.value if name.value == step]
            node = values[0] if values else node
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
    return int(node.start_mark.line) + 1 if node is not None else 1


def _validated(path: Path, value: object, model: type[Model]) -> Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _located_error(path, error) from None


def _located_error(path: Path, error: ValidationError) -> TrainingDataError:
    first = error.errors()[0]
    line = f":{_line(path, first['loc'])}" if path.is_file() else ""
    return TrainingDataError(f"{path}{line}: {'.'.join(map(str, first['loc'])) or 'file'}: {first['msg']}")


def _intents(folder: Path) -> Iterator[Intent]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise TrainingDataError(f"{folder}: no utterances; one <key>.yaml for each key is expected here")
    for path in paths:
        intent = _validated(path, _read_yaml(path), Intent)
        if intent.key != path.stem:
            raise TrainingDataError(f"{path}:1: key: is {intent.key!r}, but the file is named {path.stem!r}")
        yield intent


def _language(folder: Path) -> Language:
    joined: dict[str, object] = {}
    sources: dict[int | str, Path] = {}
    for path in sorted(folder.glob("*.yaml")):
        entries = _read_yaml(path)
        if not isinstance(entries, dict):
            raise TrainingDataError(f"{path}:1: a mapping is expected")
        for name in entries:
            if name not in Language.model_fields:
                field_names = ", ".join(Language.model_fields)
                raise TrainingDataError(f"{path}:{_line(path, (name,))}: {name}: unknown; known are {field_names}")
            if name in joined:
                raise TrainingDataError(f"{path}:{_line(path, (name,))}: {name}: already said in {sources[name]}")
            sources[name] = path
        joined |= entries
    try:
        return Language.model_validate(joined)
    except ValidationError as error:
        raise _located_error(sources.get(error.errors()[0]["loc"][0], folder), error) from None


def _catalogue(path: Path) -> Iterator[CatalogueEntry]:
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                yield CatalogueEntry.model_validate(
                    {name: value for name, value in row.items() if name in CatalogueEntry.model_fields}
                )
            except ValidationError as error:
                first = error.errors()[0]
                raise TrainingDataError(f"{path}:{line}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def read_training_data(folder: Path) -> TrainingData:
    """Everything under `folder` that understanding needs. Raises ContentError."""
    return TrainingData(
        intents=tuple(_intents(folder / "utterances")),
        language=_language(folder / "language"),
        catalogue=tuple(_catalogue(folder / "catalogue.csv")),
    )
