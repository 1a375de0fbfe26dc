"""A dialogue ends on the edition it began with, even after a restart, and nobody waits for that edition's model."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from services.chatbot.content import Content, ContentErrors
from services.chatbot.content.archive import ON_DISK, EditionArchive
from services.chatbot.content.editions import ContentEditions, no_preparation
from services.chatbot.content.loader.snapshot import Snapshot
from tests.services.chatbot.content.content_files import FILES, snapshot, write
from tests.waiting import until

FORM = "forms/files/X01.pdf"


def restarted(root: Path, prepare: Callable[[Content], None] = no_preparation) -> tuple[ContentEditions, str]:
    """The editions after a restart on newer content, and the version that older dialogues began on."""
    archive = EditionArchive(root / "archive")
    version = ContentEditions(Content.load(write(root / "content")), archive).current.version
    newer = FILES["news/tin_moi.yaml"].replace('title: "Mới"', 'title: "Hai"')
    return ContentEditions(
        Content.load(write(root / "content", news__tin_moi_dot_yaml=newer)), archive, prepare
    ), version


async def test_a_dialogue_ends_on_its_version_even_after_a_restart(tmp_path: Path) -> None:
    editions, version = restarted(tmp_path)
    assert editions.of(version) is editions.current  # The event loop reads no archive ...
    await editions.load([version])
    assert editions.of(version).version == version  # ... and finds what was loaded aside.
    assert editions.of(version).news[1].title == "Mới"


async def test_nobody_waits_for_the_training_of_an_archived_edition(tmp_path: Path) -> None:
    go_on, prepared = threading.Event(), list[Content]()

    def prepare(content: Content) -> None:
        assert not prepared or go_on.wait(10)
        prepared.append(content)

    editions, version = restarted(tmp_path, prepare)
    await editions.load([version])
    assert editions.of(version).version == version
    assert len(prepared) == 1
    go_on.set()
    await until(lambda: len(prepared) > 1)
    assert prepared[1] is editions.of(version)


async def test_an_archived_edition_that_can_no_longer_be_trained_is_still_spoken(tmp_path: Path) -> None:
    tried: list[str] = []

    def prepare(content: Content) -> None:
        tried.append(content.version)
        if len(tried) > 1:
            raise ContentErrors([])

    editions, version = restarted(tmp_path, prepare)
    await editions.load([version])
    await until(lambda: len(tried) > 1)
    assert editions.of(version).version == version


@pytest.mark.parametrize("version", ["khong-co", "../../etc/passwd", "", "0" * 16])
async def test_a_version_nobody_has_falls_back_to_the_current_one(tmp_path: Path, version: str) -> None:
    editions, _ = restarted(tmp_path)
    await editions.load([version])
    assert editions.of(version) is editions.current
    assert editions.file(version, FORM) == FILES[FORM].encode()


async def test_a_torn_archive_is_as_good_as_none(tmp_path: Path) -> None:
    editions, _ = restarted(tmp_path)
    (tmp_path / "archive" / "abc.zip").write_bytes(b"PK torn")
    await editions.load(["abc"])
    assert editions.of("abc") is editions.current
    assert editions.file("abc", FORM) == FILES[FORM].encode()


def test_a_form_of_an_older_edition_is_read_without_the_rest_of_it(tmp_path: Path) -> None:
    editions, version = restarted(tmp_path)
    (tmp_path / "content" / FORM).write_bytes(b"%PDF-1.7 other")
    editions.reload(tmp_path / "content")
    assert editions.file(version, FORM) == FILES[FORM].encode()
    assert editions.file(editions.current.version, FORM) == b"%PDF-1.7 other"
    assert editions.file(version, "forms/files/none.pdf") is None
    assert version not in editions.versions


def test_the_archive_is_bounded(tmp_path: Path) -> None:
    for number in range(ON_DISK + 5):
        (tmp_path / f"{number}.zip").write_bytes(b"")
    EditionArchive(tmp_path).store(snapshot())
    assert len(list(tmp_path.glob("*.zip"))) == ON_DISK
    assert EditionArchive(tmp_path).snapshot(snapshot().version) == snapshot()


def test_an_archive_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert ContentEditions(Content.load(write(tmp_path / "content")), EditionArchive(tmp_path / "file")).current


def test_packing_loses_nothing() -> None:
    assert Snapshot.from_zip(snapshot().to_zip()).version == snapshot().version
