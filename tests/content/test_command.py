"""`loa content`: what an editor sees."""

import shutil
from pathlib import Path

from typer.testing import CliRunner

from loa.commands.content import app
from tests.services.chatbot.content.content_files import SHIPPED, write

RUN = CliRunner()


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


def test_forms_are_made_again_from_their_templates(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED / "forms", tmp_path / "forms")
    shutil.rmtree(tmp_path / "forms" / "files")
    result = RUN.invoke(app, ["forms", "--content", str(tmp_path)])
    assert result.exit_code == 0
    assert (tmp_path / "forms/files/CT01.docx").read_bytes() == (SHIPPED / "forms/files/CT01.docx").read_bytes()
