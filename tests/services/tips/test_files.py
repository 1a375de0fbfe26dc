"""Reporters' files: remembered first, fetched beside the loop, sealed in chunks, tried again while the link may live."""

import hashlib
from datetime import timedelta

import pytest

from contracts.message import Kind
from services.tips.media.fetch import MediaFetcher
from services.tips.media.jobs import WAITS
from tests.doubles import NOON, message_received
from tests.services.tips.media.cdn import PNG, Cdn
from tests.services.tips.media.sent_files import file_states, send_files
from tests.services.tips.tips_app import TipsApp

pytestmark = pytest.mark.live


async def test_a_photo_is_fetched_sealed_and_opens_to_the_very_bytes(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/a.png"))
    assert await file_states(tips_app) == {"to_fetch": 1}
    assert await tips_app.fetch_file(media_fetcher)
    assert await file_states(tips_app) == {"kept": 1}
    manifest, whole = await tips_app.officer_opens_file(await tips_app.case())
    assert whole == PNG
    assert manifest == {
        "size": len(PNG),
        "sha256": hashlib.sha256(PNG).hexdigest(),
        "type": "image/png",
        "chunks": 3,
    }
    assert await tips_app.db["chunks"].count_documents({}) == 3
    assert PNG[:64] not in await tips_app.dump()


async def test_once_fetched_the_link_is_gone_and_nobody_fetches_again(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/a.png"))
    await tips_app.fetch_file(media_fetcher)
    assert not await tips_app.fetch_file(media_fetcher)
    (media,) = await tips_app.db["media"].find().to_list(None)
    assert "link" not in media
    assert server.requested == ["/a.png"]


@pytest.mark.parametrize("path", ["/page", "/json"])
async def test_an_error_in_the_place_of_a_photo_is_tried_again_until_the_photo_is_there(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher, path: str
) -> None:
    await send_files(tips_app, server.url(path))
    await tips_app.fetch_file(media_fetcher)
    assert await file_states(tips_app) == {"to_fetch": 1}
    assert await tips_app.db["chunks"].count_documents({}) == 0


async def test_only_files_of_zalos_are_fetched_other_links_are_words(tips_app: TipsApp, server: Cdn) -> None:
    await send_files(tips_app, server.url("/page"), kind=Kind.LINK)
    assert await file_states(tips_app) == {}
    assert len(await tips_app.officer_reads(await tips_app.case())) == 1


async def test_a_link_to_elsewhere_is_refused_and_kept_for_the_officer(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, "http://169.254.169.254/latest/meta-data")
    await tips_app.fetch_file(media_fetcher)
    assert await file_states(tips_app) == {"refused": 1}
    assert server.requested == []
    (spoken,) = await tips_app.officer_reads(await tips_app.case())
    assert spoken.attachments[0].url == "http://169.254.169.254/latest/meta-data"


async def test_what_fails_is_tried_again_later_and_then_kept(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    server.failures = 2
    await send_files(tips_app, server.url("/a.png"))
    assert await tips_app.fetch_file(media_fetcher)
    assert not await tips_app.fetch_file(media_fetcher)
    tips_app.clock.advance(seconds=WAITS[0])
    assert await tips_app.fetch_file(media_fetcher)
    tips_app.clock.advance(seconds=WAITS[1] - 1)
    assert not await tips_app.fetch_file(media_fetcher)
    tips_app.clock.advance(seconds=1)
    assert await tips_app.fetch_file(media_fetcher)
    assert await file_states(tips_app) == {"kept": 1}


async def test_a_link_that_never_answers_is_given_up_after_a_day(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/gone"))
    for _ in range(60):
        await tips_app.fetch_file(media_fetcher)
        tips_app.clock.advance(seconds=WAITS[-1])
    assert await file_states(tips_app) == {"lost": 1}
    assert 20 < len(server.requested) < 40
    (media,) = await tips_app.db["media"].find().to_list(None)
    assert "link" not in media


async def test_a_file_that_breaks_off_leaves_no_chunks(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/endless"))
    await tips_app.fetch_file(media_fetcher)
    assert await file_states(tips_app) == {"refused": 1}
    assert await tips_app.db["chunks"].count_documents({}) == 0


async def test_a_file_that_comes_after_the_tip_was_closed_gets_a_key_for_the_officers_alone(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/a.png"))
    await tips_app.handle(message_received("#xong", at=NOON + timedelta(seconds=30)))
    await tips_app.fetch_file(media_fetcher)
    case = await tips_app.case()
    assert (case["state"], len(case["keys"])) == ("closed", 2)
    _, whole = await tips_app.officer_opens_file(case)
    assert whole == PNG


async def test_a_failed_fetch_after_closing_makes_no_key(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/gone"))
    await tips_app.handle(message_received("#xong", at=NOON + timedelta(seconds=30)))
    await tips_app.fetch_file(media_fetcher)
    assert len((await tips_app.case())["keys"]) == 1
