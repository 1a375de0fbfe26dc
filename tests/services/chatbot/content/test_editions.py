"""Publishing without a restart: the new edition only when it is valid, the old one for who began with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.chatbot.content import Content, ContentErrors
from services.chatbot.content.editions import IN_MEMORY, ContentEditions
from services.chatbot.content.watch import ContentPoller, Published, Refused, reload
from tests.services.chatbot.content.content_files import FILES, content, write


def edition(root: Path, title: str) -> Path:
    return write(root, news__tin_moi_dot_yaml=FILES["news/tin_moi.yaml"].replace('title: "Mới"', f'title: "{title}"'))


def open_editions(root: Path) -> ContentEditions:
    return ContentEditions(Content.load(write(root)))


def test_a_new_edition_becomes_current_and_the_old_one_stays_for_who_began_with_it(tmp_path: Path) -> None:
    editions = open_editions(tmp_path)
    first = editions.current.version
    assert editions.reload(edition(tmp_path, "Hai"))
    assert editions.current.version != first
    assert editions.of(first).news[1].title == "Mới"
    assert editions.of(None) is editions.current


def test_nothing_is_published_when_nothing_has_changed(tmp_path: Path) -> None:
    assert not open_editions(tmp_path).reload(tmp_path)


def test_a_wrong_edition_changes_nothing(tmp_path: Path) -> None:
    editions = open_editions(tmp_path)
    before = editions.current
    (tmp_path / "oas.yaml").write_text("- {oa_id: 1}")
    with pytest.raises(ContentErrors):
        editions.reload(tmp_path)
    assert editions.current is before


def test_an_edition_that_cannot_be_prepared_is_refused(tmp_path: Path) -> None:
    def refuse(new: Content) -> None:
        if new.news[1].title == "Hai":
            raise ContentErrors([])

    editions = ContentEditions(Content.load(write(tmp_path)), prepare=refuse)
    before = editions.current
    with pytest.raises(ContentErrors):
        editions.reload(edition(tmp_path, "Hai"))
    assert editions.current is before


def test_memory_is_bounded_and_the_current_edition_never_leaves_it(tmp_path: Path) -> None:
    editions = open_editions(tmp_path)
    for number in range(IN_MEMORY + 3):
        editions.reload(edition(tmp_path, f"Bản {number}"))
    assert len(editions.versions) == IN_MEMORY
    assert editions.current.version in editions.versions


def test_what_leaves_memory_is_released(tmp_path: Path) -> None:
    released: list[str] = []
    editions = ContentEditions(Content.load(write(tmp_path)), release=released.append)
    first = editions.current.version
    for number in range(IN_MEMORY):
        editions.reload(edition(tmp_path, f"Bản {number}"))
    assert released == [first]


async def watched(
    editions: ContentEditions, root: Path, *steps: Callable[[], object] | None
) -> list[Published | Refused]:
    """What is reported when before each look a step is taken, or nothing happens."""
    reports: list[Published | Refused] = []
    poller = ContentPoller(editions, root, reports.append)
    for step in steps:
        if step is not None:
            step()
        await poller.poll()
    return reports


async def test_what_an_editor_saves_is_published_once_it_stands_still(tmp_path: Path) -> None:
    editions = open_editions(tmp_path)
    reports = await watched(editions, tmp_path, None, None, lambda: edition(tmp_path, "Hai"), None, None)
    assert reports == [Published(editions.current.version)]
    assert editions.current.news[1].title == "Hai"


async def test_a_file_half_written_is_not_looked_at_yet(tmp_path: Path) -> None:
    editions = open_editions(tmp_path)
    path = tmp_path / "oas.yaml"
    text = path.read_text()
    reports = await watched(
        editions,
        tmp_path,
        None,
        None,
        lambda: path.write_text(text[:20]),
        lambda: path.write_text(text + "\n"),
        None,
        None,
    )
    assert [type(report) for report in reports] == [Published]


async def test_a_wrong_save_is_refused_with_its_faults_and_the_next_good_one_published(tmp_path: Path) -> None:
    editions = open_editions(tmp_path)
    path, text = tmp_path / "oas.yaml", (tmp_path / "oas.yaml").read_text()
    before = editions.current
    reports = await watched(editions, tmp_path, None, None, lambda: path.write_text("- {}"), None, None)
    assert isinstance(reports[0], Refused)
    assert reports[0].faults[0].file == "oas.yaml"
    assert editions.current is before
    assert await watched(editions, tmp_path, lambda: path.write_text(text + "\n# thêm\n"), None, None) == [
        Published(editions.current.version)
    ]


def test_whatever_a_draft_provokes_is_a_refusal_and_never_the_end(tmp_path: Path) -> None:
    def stumble(_: Content) -> None:
        if (tmp_path / "trap").exists():
            raise RecursionError("deeper than anybody thought")

    (tmp_path / "content").mkdir()
    editions = ContentEditions(Content.load(edition(tmp_path / "content", "Một")), prepare=stumble)
    (tmp_path / "trap").touch()
    report = reload(editions, edition(tmp_path / "content", "Hai"))
    assert isinstance(report, Refused)
    assert "RecursionError" in str(report.faults[0])


def test_a_small_content_loads_quickly() -> None:
    assert content().version
