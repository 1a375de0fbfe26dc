"""Publishing without a restart: the new edition only when it is valid, the old one for who began with it."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from services.chatbot.content import Content, ContentErrors
from services.chatbot.content.shelf import IN_MEMORY, ON_DISK, Shelf
from services.chatbot.content.snapshot import Snapshot
from services.chatbot.content.watch import Published, Refused, reload, watch
from tests.services.chatbot.content.files import FILES, content, snapshot, write


def edition(root: Path, title: str) -> Path:
    return write(root, news__tin_moi_dot_yaml=FILES["news/tin_moi.yaml"].replace('title: "Mới"', f'title: "{title}"'))


def shelf(root: Path, archive: Path | None = None) -> Shelf:
    return Shelf(Content.load(write(root)), archive)


def test_a_new_edition_becomes_current_and_the_old_one_stays_for_who_began_with_it(tmp_path: Path) -> None:
    kept = shelf(tmp_path)
    first = kept.current.version
    assert kept.reload(edition(tmp_path, "Hai"))
    assert kept.current.version != first
    assert kept.of(first).news[1].title == "Mới"
    assert kept.of(None) is kept.current


def test_nothing_is_published_when_nothing_has_changed(tmp_path: Path) -> None:
    assert not shelf(tmp_path).reload(tmp_path)


def test_a_wrong_edition_changes_nothing(tmp_path: Path) -> None:
    kept = shelf(tmp_path)
    before = kept.current
    (tmp_path / "oas.yaml").write_text("- {oa_id: 1}")
    with pytest.raises(ContentErrors):
        kept.reload(tmp_path)
    assert kept.current is before


def test_an_edition_that_cannot_be_prepared_is_refused(tmp_path: Path) -> None:
    def refuse(new: Content) -> None:
        if new.news[1].title == "Hai":
            raise ContentErrors([])

    kept = Shelf(Content.load(write(tmp_path)), prepare=refuse)
    before = kept.current
    with pytest.raises(ContentErrors):
        kept.reload(edition(tmp_path, "Hai"))
    assert kept.current is before


def test_memory_is_bounded_and_the_current_edition_never_leaves_it(tmp_path: Path) -> None:
    kept = shelf(tmp_path)
    for nth in range(IN_MEMORY + 3):
        kept.reload(edition(tmp_path, f"Bản {nth}"))
    assert len(kept.versions) == IN_MEMORY
    assert kept.current.version in kept.versions


def test_a_dialogue_ends_on_its_version_even_after_a_restart(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    before = shelf(tmp_path / "content", archive).current.version
    after = Shelf(Content.load(edition(tmp_path / "content", "Hai")), archive)
    found = after.get(before)
    assert found is not None
    assert found.version == before
    assert found.news[1].title == "Mới"


@pytest.mark.parametrize("version", ["khong-co", "../../etc/passwd", "", "0" * 16])
def test_a_version_nobody_has_falls_back_to_the_current_one(tmp_path: Path, version: str) -> None:
    kept = shelf(tmp_path / "content", tmp_path / "archive")
    assert kept.get(version) is None
    assert kept.of(version) is kept.current


def test_a_torn_archive_is_as_good_as_none(tmp_path: Path) -> None:
    kept = shelf(tmp_path / "content", tmp_path / "archive")
    (tmp_path / "archive" / "abc.zip").write_bytes(b"PK torn")
    assert kept.get("abc") is None


def test_the_archive_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    for nth in range(ON_DISK + 5):
        (tmp_path / "archive" / f"{nth}.zip").write_bytes(b"")
    shelf(tmp_path / "content", tmp_path / "archive")
    assert len(list((tmp_path / "archive").glob("*.zip"))) == ON_DISK


def test_packing_loses_nothing() -> None:
    assert Snapshot.unpacked(snapshot().packed()).version == snapshot().version


class Days:
    """A clock whose every tick lets a test write files first; after the last it stops the watch."""

    def __init__(self, *before: object) -> None:
        self.steps = list(before)

    async def sleep(self, _: float) -> None:
        if not self.steps:
            raise asyncio.CancelledError
        step = self.steps.pop(0)
        if callable(step):
            step()


async def watched(kept: Shelf, root: Path, *before: object) -> list[Published | Refused]:
    told: list[Published | Refused] = []
    with contextlib.suppress(asyncio.CancelledError):
        await watch(kept, root, told.append, sleep=Days(*before).sleep)
    return told


async def test_what_an_editor_saves_is_published_once_it_stands_still(tmp_path: Path) -> None:
    kept = shelf(tmp_path)
    told = await watched(kept, tmp_path, None, None, lambda: edition(tmp_path, "Hai"), None, None)
    assert told == [Published(kept.current.version)]
    assert kept.current.news[1].title == "Hai"


async def test_a_file_half_written_is_not_looked_at_yet(tmp_path: Path) -> None:
    kept = shelf(tmp_path)
    path = tmp_path / "oas.yaml"
    whole = path.read_text()
    told = await watched(
        kept,
        tmp_path,
        None,
        None,
        lambda: path.write_text(whole[:20]),
        lambda: path.write_text(whole + "\n"),
        None,
        None,
    )
    assert [type(one) for one in told] == [Published]


async def test_a_wrong_save_is_refused_with_its_faults_and_the_next_good_one_published(tmp_path: Path) -> None:
    kept = shelf(tmp_path)
    path, whole = tmp_path / "oas.yaml", (tmp_path / "oas.yaml").read_text()
    before = kept.current
    told = await watched(kept, tmp_path, None, None, lambda: path.write_text("- {}"), None, None)
    assert isinstance(told[0], Refused)
    assert told[0].faults[0].file == "oas.yaml"
    assert kept.current is before
    assert await watched(kept, tmp_path, lambda: path.write_text(whole + "\n# thêm\n"), None, None) == [
        Published(kept.current.version)
    ]


def test_whatever_a_draft_provokes_is_a_refusal_and_never_the_end(tmp_path: Path) -> None:
    def stumble(_: Content) -> None:
        if (tmp_path / "trap").exists():
            raise RecursionError("deeper than anybody thought")

    (tmp_path / "content").mkdir()
    kept = Shelf(Content.load(edition(tmp_path / "content", "Một")), prepare=stumble)
    (tmp_path / "trap").touch()
    told = reload(kept, edition(tmp_path / "content", "Hai"))
    assert isinstance(told, Refused)
    assert "RecursionError" in str(told.faults[0])


def test_a_small_content_loads_quickly() -> None:
    assert content().version
