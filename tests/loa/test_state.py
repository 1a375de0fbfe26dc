"""What a state folder says of the Loa that made it, and which of them `make up` takes."""

from pathlib import Path

import pytest

from loa.runtime import state
from loa.runtime.errors import SetupError


def test_a_folder_that_is_not_there_yet_is_a_beginning(tmp_path: Path) -> None:
    state.require_known(tmp_path / "new")


def test_a_folder_without_data_is_a_beginning(tmp_path: Path) -> None:
    (tmp_path / "understanding").mkdir()
    state.require_known(tmp_path)


def test_what_this_release_made_it_takes_again(tmp_path: Path) -> None:
    state.mark(tmp_path)
    (tmp_path / "mongo").mkdir()
    state.require_known(tmp_path)


@pytest.mark.parametrize("folder", ["mongo", "kafka"])
@pytest.mark.parametrize("said", [None, "", "{}", "[]", '{"layout": "of old"}'])
def test_data_without_a_version_is_refused_with_a_way_to_keep_it(tmp_path: Path, folder: str, said: str | None) -> None:
    (tmp_path / folder).mkdir()
    if said is not None:
        (tmp_path / state.FILE).write_text(said)
    with pytest.raises(SetupError, match="from before releases numbered it") as error:
        state.require_known(tmp_path)
    assert f"mv {tmp_path} {tmp_path}.before" in error.value.remedy


def test_data_of_an_earlier_layout_is_refused_with_a_way_to_keep_it(tmp_path: Path) -> None:
    (tmp_path / state.FILE).write_text('{"layout": 1}')
    with pytest.raises(SetupError, match="made by an earlier Loa") as error:
        state.require_known(tmp_path)
    assert f"mv {tmp_path} {tmp_path}.before" in error.value.remedy


def test_data_of_a_newer_loa_is_refused(tmp_path: Path) -> None:
    (tmp_path / state.FILE).write_text('{"layout": 99}')
    with pytest.raises(SetupError, match="made by a newer Loa"):
        state.require_known(tmp_path)


def test_an_upgrade_that_has_not_ended_keeps_loa_from_starting(tmp_path: Path) -> None:
    state.require_upgraded(tmp_path)
    (tmp_path / state.UPGRADE).touch()
    with pytest.raises(SetupError, match="has not ended") as error:
        state.require_upgraded(tmp_path)
    assert "loa upgrade" in error.value.remedy
