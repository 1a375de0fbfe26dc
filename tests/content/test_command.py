"""`loa content`: what an editor sees."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from loa.commands.content import app
from tests.services.chatbot.content.content_files import SHIPPED, write
from tests.services.chatbot.nlu.small_content import small_content

RUN = CliRunner()


@pytest.mark.slow
def test_valid_content_is_told_with_its_version() -> None:
    result = RUN.invoke(app, ["check", "--content", str(SHIPPED)])
    assert result.exit_code == 0
    assert "Hợp lệ. Phiên bản" in result.output


def test_a_draft_with_faults_lists_them_and_fails(tmp_path: Path) -> None:
    draft = write(tmp_path, procedures__cap_the_dot_yaml="key: cap_the\nten: x\n")
    result = RUN.invoke(app, ["check", "--content", str(draft)])
    assert result.exit_code == 1
    assert "procedures/cap_the.yaml:2: không có mục nào tên «ten»" in result.output
    assert "chưa dùng được" in result.output


def test_a_broken_file_of_utterances_is_refused_by_its_line_as_publishing_would_refuse_it(tmp_path: Path) -> None:
    draft = small_content(tmp_path)
    (draft / "utterances/f_diem_thi.yaml").write_text(
        'key: f_diem_thi\nkind: flow\ntitle: "Tra cứu điểm thi"\nasks: ["xem điểm thi"\nsays: ["điểm thi"]\n'
    )
    result = RUN.invoke(app, ["check", "--content", str(draft)])
    assert result.exit_code == 1
    assert "utterances/f_diem_thi.yaml:4: sai cú pháp YAML: dấu [ mở ở dòng này không được đóng" in result.output
    assert str(tmp_path) not in result.output


def test_what_only_training_can_see_is_refused_too(tmp_path: Path) -> None:
    draft = small_content(tmp_path)
    with (draft / "utterances/tam_tru.yaml").open("a") as file:
        file.write('  - "làm hộ chiếu"\n')
    result = RUN.invoke(app, ["check", "--content", str(draft)])
    assert result.exit_code == 1
    assert "utterances/tam_tru.yaml:11: câu «làm hộ chiếu» trùng với" in result.output


@pytest.mark.slow
def test_forms_are_made_again_from_their_templates(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED / "forms", tmp_path / "forms")
    shutil.rmtree(tmp_path / "forms" / "files")
    result = RUN.invoke(app, ["forms", "--content", str(tmp_path)])
    assert result.exit_code == 0
    assert (tmp_path / "forms/files/CT01.docx").read_bytes() == (SHIPPED / "forms/files/CT01.docx").read_bytes()
