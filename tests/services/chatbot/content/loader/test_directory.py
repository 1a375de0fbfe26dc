"""A directory that changes while it is read gives one edition or a refusal, never a mixture."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.chatbot.content import ContentErrors
from services.chatbot.content.loader.directory import take_snapshot
from tests.services.chatbot.content.content_files import write

EARLY, LATE = "cameras.csv", "utterances/oos.yaml"  # The first is read long before the second.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "content")


def save(folder: Path, mark: bytes) -> None:
    """An editor changes two files that belong together, keeping their size and their times of change."""
    for name in (EARLY, LATE):
        path = folder / name
        times = path.stat()
        path.write_bytes(path.read_bytes()[:-1] + mark)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def while_reading(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], None]) -> None:
    """Has `act` happen whenever the file `name` is about to be read."""
    original = Path.open

    def opened(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.as_posix().endswith(name) and args[0] == "rb":
            act()
        return original(path, *args, **kwargs)

    monkeypatch.setattr("services.chatbot.content.loader.directory.Path.open", opened)


def test_a_save_in_the_midst_of_reading_is_read_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saves = [b"2"]
    while_reading(monkeypatch, "news/tin_moi.yaml", lambda: save(folder, saves.pop()) if saves else None)
    files = take_snapshot(folder).files
    assert (files[EARLY][-1:], files[LATE][-1:]) == (b"2", b"2")


def test_a_file_taken_away_in_the_midst_of_reading_is_no_fault(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    while_reading(monkeypatch, "news/tin_moi.yaml", lambda: (folder / "news/tin_moi.yaml").unlink(missing_ok=True))
    assert "news/tin_moi.yaml" not in take_snapshot(folder).files


def test_a_directory_that_never_stands_still_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marks = iter(b"0123456789")
    while_reading(monkeypatch, "news/tin_moi.yaml", lambda: save(folder, bytes([next(marks)])))
    with pytest.raises(ContentErrors, match=r"^content:1: nội dung đang được sửa") as refused:
        take_snapshot(folder)
    assert str(folder.parent) not in str(refused.value)


def test_a_file_that_may_not_be_read_is_a_fault_without_a_path_of_the_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    while_reading(monkeypatch, LATE, refuse)
    with pytest.raises(ContentErrors) as refused:
        take_snapshot(folder)
    assert str(refused.value) == f"{LATE}:1: không đọc được tệp (EACCES)"
