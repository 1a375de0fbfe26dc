"""Several at the same files: workers, the loop, the reporter who cancels, a worker that died."""

import asyncio
from datetime import timedelta

import pytest

from chassis.mongo import Database
from services.tips.media.fetch import MediaFetcher
from services.tips.settings import TipsSettings
from tests.doubles import NOON, message_received
from tests.services.tips.media.cdn import PNG, Cdn
from tests.services.tips.media.sent_files import file_states, send_files
from tests.services.tips.tips_app import TipsApp

pytestmark = pytest.mark.live


async def test_cancelling_while_a_file_is_on_its_way_leaves_nothing_of_it(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    server.hold = asyncio.Event()
    await send_files(tips_app, server.url("/a.png"))
    under_way = asyncio.create_task(tips_app.fetch_file(media_fetcher))
    await server.was_requested.wait()
    await tips_app.handle(message_received("#huy", at=NOON + timedelta(seconds=30)))
    server.hold.set()
    await under_way
    assert await tips_app.db["chunks"].count_documents({}) == 0
    assert await tips_app.db["media"].count_documents({}) == 0


async def test_a_slow_server_does_not_hold_up_the_talk(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    server.hold = asyncio.Event()
    await send_files(tips_app, server.url("/a.png"))
    under_way = asyncio.create_task(tips_app.fetch_file(media_fetcher))
    await server.was_requested.wait()
    await tips_app.handle(message_received("#xong", at=NOON + timedelta(seconds=30)))
    assert "đã được ghi nhận" in tips_app.reply_texts()[-1]
    server.hold.set()
    await under_way


async def test_two_workers_never_fetch_the_same_file(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/a.png"), server.url("/b.png"))
    fetched = await asyncio.gather(*(tips_app.fetch_file(media_fetcher) for _ in range(4)))
    assert sorted(fetched) == [False, False, True, True]
    assert sorted(server.requested) == ["/a.png", "/b.png"]


async def test_a_worker_that_dies_leaves_the_file_to_another_when_its_lease_ends(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/a.png"))
    assert await tips_app.stores.media.claim(timedelta(minutes=5))
    assert not await tips_app.fetch_file(media_fetcher)
    tips_app.clock.advance(minutes=5)
    assert await tips_app.fetch_file(media_fetcher)
    assert await file_states(tips_app) == {"kept": 1}


async def test_one_case_can_not_fill_the_disk(db: Database, server: Cdn, media_fetcher: MediaFetcher) -> None:
    tips_app = TipsApp(db, settings=TipsSettings(media_files=1))
    await send_files(tips_app, server.url("/a.png"), server.url("/b.png"))
    await tips_app.fetch_file(media_fetcher)
    await tips_app.fetch_file(media_fetcher)
    assert await file_states(tips_app) == {"kept": 1, "refused": 1}


async def test_a_link_sealed_under_a_key_that_is_gone_is_lost_and_stops_nobody(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/a.png"), server.url("/b.png"))
    first = await tips_app.db["media"].find_one({}, sort=[("due", 1)])
    assert first is not None
    await tips_app.db["media"].update_one({"_id": first["_id"]}, {"$set": {"link": "i0.AAAA"}})
    for _ in range(2):
        assert await tips_app.fetch_file(media_fetcher)
    assert await file_states(tips_app) == {"kept": 1, "lost": 1}


async def test_a_try_that_was_given_up_and_ends_after_all_leaves_the_file_of_the_next_one_whole(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    server.hold = asyncio.Event()
    await send_files(tips_app, server.url("/a.png"))
    late = asyncio.create_task(tips_app.fetch_file(media_fetcher))
    await server.was_requested.wait()
    tips_app.clock.advance(minutes=12)
    server.was_requested.clear()
    next_one = asyncio.create_task(tips_app.fetch_file(media_fetcher))
    await server.was_requested.wait()
    server.hold.set()
    await asyncio.gather(late, next_one)
    assert server.requested == ["/a.png"] * 2
    _, whole = await tips_app.officer_opens_file(await tips_app.case())
    assert whole == PNG
    assert await tips_app.db["chunks"].count_documents({}) == 3
