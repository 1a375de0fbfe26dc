"""Reporters' files: remembered first, fetched at once beside the loop, sealed in chunks, tried again while the link may live."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from chassis.mongo import Database
from contracts.message import Attachment, Kind
from services.tips.media.fetch import Fetcher, fetcher
from services.tips.media.links import Hosts
from services.tips.media.worker import WAITS
from services.tips.settings import TipsSettings
from tests.doubles import NOON, heard
from tests.services.tips.media.cdn import PNG, Cdn, cdn
from tests.services.tips.room import Room

pytestmark = pytest.mark.live


@pytest.fixture
async def server() -> AsyncIterator[Cdn]:
    async with cdn() as one:
        yield one


@pytest.fixture
async def fetching(server: Cdn) -> AsyncIterator[Fetcher]:
    async with fetcher(Hosts.parse(server.host), len(PNG), 10) as one:
        yield one


async def sends(room: Room, *urls: str, kind: Kind = Kind.IMAGE) -> None:
    await room.hear(heard("#tinbao"))
    for nth, url in enumerate(urls):
        part = Attachment(kind=kind, url=url)
        await room.hear(heard("", kind=kind, at=NOON + timedelta(seconds=5 + nth), attachments=[part]))


async def states(room: Room) -> dict[str, int]:
    return await room.house.media.states((await room.case())["_id"])


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


async def test_cancelling_while_a_file_is_on_its_way_leaves_nothing_of_it(
    room: Room, server: Cdn, fetching: Fetcher
) -> None:
    server.hold = asyncio.Event()
    await sends(room, server.url("/a.png"))
    under_way = asyncio.create_task(room.worker(fetching).once())
    await server.was_asked.wait()
    await room.hear(heard("#huy", at=NOON + timedelta(seconds=30)))
    server.hold.set()
    await under_way
    assert await room.db["chunks"].count_documents({}) == 0
    assert await room.db["media"].count_documents({}) == 0


async def test_a_slow_server_does_not_hold_up_the_talk(room: Room, server: Cdn, fetching: Fetcher) -> None:
    server.hold = asyncio.Event()
    await sends(room, server.url("/a.png"))
    under_way = asyncio.create_task(room.worker(fetching).once())
    await server.was_asked.wait()
    await room.hear(heard("#xong", at=NOON + timedelta(seconds=30)))
    assert "đã được ghi nhận" in room.words()[-1]
    server.hold.set()
    await under_way


async def test_two_workers_never_fetch_the_same_file(room: Room, server: Cdn, fetching: Fetcher) -> None:
    await sends(room, server.url("/a.png"), server.url("/b.png"))
    done = await asyncio.gather(*(room.worker(fetching).once() for _ in range(4)))
    assert sorted(done) == [False, False, True, True]
    assert sorted(server.asked) == ["/a.png", "/b.png"]


async def test_a_worker_that_dies_leaves_the_file_to_another_when_its_lease_ends(
    room: Room, server: Cdn, fetching: Fetcher
) -> None:
    await sends(room, server.url("/a.png"))
    assert await room.house.media.claim(timedelta(minutes=5)) is not None
    assert not await room.worker(fetching).once()
    room.watch.later(minutes=5)
    assert await room.worker(fetching).once()
    assert await states(room) == {"kept": 1}


async def test_one_case_can_not_fill_the_disk(db: Database, server: Cdn, fetching: Fetcher) -> None:
    room = Room(db, settings=TipsSettings(media_files=1))
    await sends(room, server.url("/a.png"), server.url("/b.png"))
    worker = room.worker(fetching)
    await worker.once()
    await worker.once()
    assert await states(room) == {"kept": 1, "refused": 1}


async def test_a_link_sealed_under_a_key_that_is_gone_is_lost_and_stops_nobody(
    room: Room, server: Cdn, fetching: Fetcher
) -> None:
    await sends(room, server.url("/a.png"), server.url("/b.png"))
    first = await room.db["media"].find_one({}, sort=[("due", 1)])
    assert first is not None
    await room.db["media"].update_one({"_id": first["_id"]}, {"$set": {"link": "i0.AAAA"}})
    assert await room.worker(fetching).once()
    assert await states(room) == {"kept": 1, "lost": 1}
