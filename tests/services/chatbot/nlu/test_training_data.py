"""A content file that cannot be used is refused by file, line and reason."""

from pathlib import Path

import pytest

from services.chatbot.nlu import TrainingDataError
from services.chatbot.nlu.facets import Facets
from services.chatbot.nlu.training_data import read_training_data
from services.chatbot.nlu.training_set import build_normaliser, build_training_set
from tests.services.chatbot.nlu.small_content import small_content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_content(tmp_path / "draft")


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_an_unknown_field_is_named_with_its_line(folder: Path) -> None:
    _append(folder / "utterances/tam_tru.yaml", "sayz: []\n")
    with pytest.raises(TrainingDataError, match=r"tam_tru\.yaml:\d+: sayz: Extra inputs"):
        read_training_data(folder)


def test_a_wrong_kind_is_named_with_its_line(folder: Path) -> None:
    path = folder / "utterances/tam_tru.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("kind: procedure", "kind: prosedure"), encoding="utf-8")
    with pytest.raises(TrainingDataError, match=r"tam_tru\.yaml:2: kind: "):
        read_training_data(folder)


def test_broken_yaml_is_named_with_its_line(folder: Path) -> None:
    _append(folder / "utterances/tam_tru.yaml", 'says: ["\n')
    with pytest.raises(TrainingDataError, match=r"tam_tru\.yaml: .*line"):
        read_training_data(folder)


def test_a_file_named_otherwise_than_its_key_is_refused(folder: Path) -> None:
    (folder / "utterances/tam_tru.yaml").rename(folder / "utterances/tam_tu.yaml")
    with pytest.raises(TrainingDataError, match="tam_tu"):
        read_training_data(folder)


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "utterances/tam_tru.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TrainingDataError, match="not UTF-8"):
        read_training_data(folder)


def test_a_tag_that_would_build_an_object_builds_none(folder: Path) -> None:
    _append(folder / "utterances/tam_tru.yaml", 'not_this: !!python/object/apply:os.system ["true"]\n')
    training_data = read_training_data(folder)
    assert next(intent for intent in training_data.intents if intent.key == "tam_tru").not_this == ("true",)


def test_a_pattern_that_is_no_expression_is_refused(folder: Path) -> None:
    path = folder / "language/facets.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(r"- '\bdia chi", "- '(dia chi"), encoding="utf-8")
    with pytest.raises(TrainingDataError, match=r"facets\.place: pattern '\(dia chi"):
        Facets.of(read_training_data(folder).language)


def test_a_language_field_nobody_knows_is_refused(folder: Path) -> None:
    (folder / "language/more.yaml").write_text("slang: {}\n", encoding="utf-8")
    with pytest.raises(TrainingDataError, match=r"more\.yaml:1: slang: unknown"):
        read_training_data(folder)


def test_a_catalogue_row_is_named_with_its_line(folder: Path) -> None:
    _append(folder / "catalogue.csv", "x,y,,,\n")
    with pytest.raises(TrainingDataError, match=r"catalogue\.csv:4: code"):
        read_training_data(folder)


def test_two_keys_that_claim_the_same_words_are_refused(folder: Path) -> None:
    _append(folder / "utterances/tam_tru.yaml", '  - "lam passport"\n')
    training_data = read_training_data(folder)
    with pytest.raises(TrainingDataError, match="is also said by"):
        build_training_set(training_data, build_normaliser(training_data))


def test_content_without_what_is_out_of_scope_is_refused(folder: Path) -> None:
    (folder / "utterances/oos.yaml").unlink()
    training_data = read_training_data(folder)
    with pytest.raises(TrainingDataError, match="oos"):
        build_training_set(training_data, build_normaliser(training_data))
