"""Each errand is one folder and one line: what a folder declares is what the chatbot runs."""

import ast
from pathlib import Path

from services.chatbot.app import FEATURES, ROWS
from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.content.phrases import buttons, procedures, talk
from services.chatbot.content.words import FEATURES as FOLDER
from services.chatbot.content.words import feature_words
from services.chatbot.features.flows import DECLARED, FLOWS

ELSEWHERE = {"f_tin_bao", "f_can_bo"}  # Tips takes the one, and the other has no steps.


def test_every_folder_is_listed_and_every_one_listed_is_another() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/feature.py")}
    assert len({id(feature) for feature in FEATURES}) == len(FEATURES) == len(folders)


def test_every_flow_has_a_title_and_every_title_a_flow() -> None:
    assert set(FLOW_TITLES) == set(FLOWS) | ELSEWHERE


def test_no_two_errands_claim_the_same_flow_or_import() -> None:
    assert len(FLOWS) == len(DECLARED)
    assert len(ROWS) == sum(len(feature.rows) for feature in FEATURES)


def test_no_phrase_is_declared_twice() -> None:
    tables = [talk.PHRASES, procedures.PHRASES, buttons.PHRASES, *(words.phrases for words in feature_words())]
    declared = [key for table in tables for key in table]
    assert sorted(declared) == sorted(set(declared))


def test_the_words_of_an_errand_are_tables_and_nothing_else() -> None:
    """Content reads them, and content must not know the errands."""
    importing = [path for path in FOLDER.glob("*/words.py") if imports_anything(path)]
    assert not importing


def imports_anything(path: Path) -> bool:
    return any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(ast.parse(path.read_text())))
