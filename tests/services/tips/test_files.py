"""Reporters' files: remembered first, fetched beside the loop, sealed in chunks, tried again while the link may live."""

import hashlib
from datetime import timedelta

import pytest

from contracts.message import Kind
from services.tips.media.fetch import Fetcher
from services.tips.media.worker import WAITS
from tests.doubles import NOON, heard
from tests.services.tips.media.cdn import PNG, Cdn
from tests.services.tips.media.shelf import sends, states
from tests.services.tips.room import Room

pytestmark = pytest.mark.live


async def test_a_photo_is_fetched_sealed_and_opens_to_the_very_bytes(
    room: Room, server: Cdn, fetching: Fetcher
) -> None:
    await sends(room, server.url("/a.png"))
    assert await states(room) == {"to_fetch": 1}
    assert await room.worker(fetching).once()
    assert await states(room) == {"kept": 1}
    manifest, whole = await room.officer_opens_file(await room.case())
    assert whole == PNG
    assert manifest == {
        "size": len(PNG),
        "sha256": hashlib.sha256(PNG).hexdigest(),
        "type": "image/png",
        "chunks": 3,
    }
    assert PNG[:64] not in await room.dump()


async def test_once_fetched_the_link_is_gone_and_nobody_fetches_again(
    room: Room, server: Cdn, fetching: Fetcher
) -> None:
    await sends(room, server.url("/a.png"))
    await room.worker(fetching).once()
    assert not await room.worker(fetching).once()
    (media,) = await room.db["media"].find().to_list(None)
    assert "link" not in media
    assert server.asked == ["/a.png"]


async def test_only_files_of_zalos_are_fetched_other_links_are_words(room: Room, server: Cdn) -> None:
    await sends(room, server.url("/page"), kind=Kind.LINK)
    assert await states(room) == {}
    assert len(await room.officer_reads(await room.case())) == 1


async def test_a_link_to_elsewhere_is_refused_and_kept_for_the_officer(
    room: Room, server: Cdn, fetching: Fetcher
) -> None:
    await sends(room, "http://169.254.169.254/latest/meta-data")
    await room.worker(fetching).once()
    assert await states(room) == {"refused": 1}
    assert server.asked == []
    (spoken,) = await room.officer_reads(await room.case())
    assert spoken.attachments[0].url == "http://169.254.169.254/latest/meta-data"


async def test_what_fails_is_tried_again_later_and_then_kept(room: Room, server: Cdn, fetching: Fetcher) -> None:
    server.failures = 2
    await sends(room, server.url("/a.png"))
    worker = room.worker(fetching)
    assert await worker.once()
    assert not await worker.once()
    room.watch.later(seconds=WAITS[0])
    assert await worker.once()
    room.watch.later(seconds=WAITS[1] - 1)
    assert not await worker.once()
    room.watch.later(seconds=1)
    assert await worker.once()
    assert await states(room) == {"kept": 1}


async def test_a_link_that_never_answers_is_given_up_after_a_day(room: Room, server: Cdn, fetching: Fetcher) -> None:
    await sends(room, server.url("/gone"))
    worker = room.worker(fetching)
    for _ in range(60):
        await worker.once()
        room.watch.later(seconds=WAITS[-1])
    assert await states(room) == {"lost": 1}
    assert 20 < len(server.asked) < 40
    (media,) = await room.db["media"].find().to_list(None)
    assert "link" not in media


async def test_a_file_that_breaks_off_leaves_no_chunks(room: Room, server: Cdn, fetching: Fetcher) -> None:
    await sends(room, server.url("/endless"))
    await room.worker(fetching).once()
    assert await states(room) == {"refused": 1}
    assert await room.db["chunks"].count_documents({}) == 0


async def test_a_file_that_comes_after_the_tip_was_closed_gets_a_key_for_the_officers_alone(
    room: Room, server: Cdn, fetching: Fetcher
) -> None:
    await sends(room, server.url("/a.png"))
    await room.hear(heard("#xong", at=NOON + timedelta(seconds=30)))
    await room.worker(fetching).once()
    case = await room.case()
    assert (case["state"], len(case["keys"])) == ("closed", 2)
    assert "intake" not in case
    _, whole = await room.officer_opens_file(case)
    assert whole == PNG


async def test_a_failed_fetch_after_closing_makes_no_key(room: Room, server: Cdn, fetching: Fetcher) -> None:
    await sends(room, server.url("/gone"))
    await room.hear(heard("#xong", at=NOON + timedelta(seconds=30)))
    await room.worker(fetching).once()
    assert len((await room.case())["keys"]) == 1
