"""Several at the same files: workers, the loop, the reporter who cancels, a worker that died."""

import asyncio
from datetime import timedelta

import pytest

from chassis.mongo import Database
from services.tips.media.fetch import Fetcher
from services.tips.settings import TipsSettings
from tests.doubles import NOON, heard
from tests.services.tips.media.cdn import Cdn
from tests.services.tips.media.shelf import sends, states
from tests.services.tips.room import Room

pytestmark = pytest.mark.live


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
