"""`loa ask`: questions in, what is understood out; a draft at fault is named."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from loa.commands import ask
from tests.services.chatbot.nlu.small_content import small_content


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_content(tmp_path_factory.mktemp("draft"))


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.command()(ask.command)
    return made


def test_each_question_becomes_one_line_of_json(app: typer.Typer, draft: Path) -> None:
    arguments = ["--json", "--no-cache", "--content", str(draft), "làm hộ chiếu ở đâu", "giá vàng"]
    lines = CliRunner().invoke(app, arguments).stdout.splitlines()
    results = [json.loads(line) for line in lines]
    assert [result["question"] for result in results] == ["làm hộ chiếu ở đâu", "giá vàng"]
    assert all(list(result) == ["question", "outcome", "key", "facet", "score", "choices", "ms"] for result in results)
    assert [(result["outcome"], result["key"], result["facet"]) for result in results] == [
        ("answer", "ho_chieu", "place"),
        ("decline", None, "whole"),
    ]


def test_questions_are_read_from_standard_input_line_by_line(app: typer.Typer, draft: Path) -> None:
    text = "làm hộ chiếu\n\nđăng ký tạm trú\n"
    result = CliRunner().invoke(app, ["--json", "--no-cache", "--content", str(draft)], input=text)
    assert [json.loads(line)["key"] for line in result.stdout.splitlines()] == ["ho_chieu", "tam_tru"]


def test_verbose_says_why(app: typer.Typer, draft: Path) -> None:
    output = CliRunner().invoke(app, ["-v", "--no-cache", "--content", str(draft), "làm passport"]).stdout
    assert "read as      lam ho chieu" in output
    assert "probability" in output


def test_a_draft_at_fault_is_named_by_file_and_line(app: typer.Typer, tmp_path: Path) -> None:
    draft = small_content(tmp_path / "draft")
    path = draft / "utterances/tam_tru.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "sayz: []\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["--no-cache", "--content", str(draft), "x"])
    assert result.exit_code == 1
    assert "tam_tru.yaml:" in result.stderr
    assert "sayz" in result.stderr
