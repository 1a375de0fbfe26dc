"""A reporter hears, while the tip is open, which files could not be taken and why; afterwards nothing more."""

from datetime import timedelta

import pytest

from chassis.mongo import Database
from chassis.outcomes import RunOutcome
from contracts.event import Event
from contracts.message import Attachment, Kind
from services.tips.media.fetch import MediaFetcher
from services.tips.media.jobs import TOLD_AFTER, WAITS
from services.tips.settings import TipsSettings
from tests.doubles import NOON, conversation, message_received
from tests.services.tips.media.cdn import Cdn
from tests.services.tips.media.sent_files import file_states, send_files
from tests.services.tips.stories import withdrew
from tests.services.tips.tips_app import TipsApp

pytestmark = pytest.mark.live

TOLD = "Chưa nhận được: "


def sent(url: str, kind: Kind = Kind.IMAGE, seconds: float = 30) -> Event:
    part = Attachment(kind=kind, url=url)
    return message_received("", kind=kind, at=NOON + timedelta(seconds=seconds), attachments=[part])


def notices(tips_app: TipsApp) -> list[str]:
    return [text for text in tips_app.reply_texts() if text.startswith(TOLD)]


async def notify_missing(tips_app: TipsApp) -> None:
    assert (await tips_app.run_job("notify_missing_media")).outcome is RunOutcome.DONE


async def fetch_all(tips_app: TipsApp, media_fetcher: MediaFetcher) -> None:
    while await tips_app.fetch_file(media_fetcher):
        pass
    await notify_missing(tips_app)


async def test_films_that_are_too_large_are_told_at_once_in_one_line_that_names_the_limit(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/film/4"), server.url("/film/5"), kind=Kind.VIDEO)
    await fetch_all(tips_app, media_fetcher)
    (notice,) = notices(tips_app)
    assert "2 tệp lớn hơn 100 MB" in notice
    assert tips_app.replies()[-1].conversation == conversation()
    await fetch_all(tips_app, media_fetcher)
    assert len(notices(tips_app)) == 1


async def test_an_error_in_the_place_of_a_photo_is_told_after_some_tries_and_only_once(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/json"))
    for tries in range(TOLD_AFTER + 2):
        await fetch_all(tips_app, media_fetcher)
        assert len(notices(tips_app)) == (tries + 1 >= TOLD_AFTER)
        tips_app.clock.advance(seconds=WAITS[min(tries, len(WAITS) - 1)])
    assert "vẫn đang thử lại" in notices(tips_app)[0]
    assert await file_states(tips_app) == {"to_fetch": 1}


async def test_what_arrives_is_not_told(tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher) -> None:
    server.failures = 1
    await send_files(tips_app, server.url("/a.png"))
    await fetch_all(tips_app, media_fetcher)
    tips_app.clock.advance(seconds=WAITS[0])
    await fetch_all(tips_app, media_fetcher)
    assert await file_states(tips_app) == {"kept": 1}
    assert notices(tips_app) == []


async def test_after_the_tip_nobody_is_written_to(tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher) -> None:
    await send_files(tips_app, server.url("/film/4"), kind=Kind.VIDEO)
    await tips_app.handle(message_received("#xong", at=NOON + timedelta(seconds=30)))
    await fetch_all(tips_app, media_fetcher)
    assert await file_states(tips_app) == {"refused": 1}
    assert notices(tips_app) == []


async def test_whoever_fell_silent_or_withdrew_is_not_written_to(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/film/4"), kind=Kind.VIDEO)
    tips_app.clock.advance(minutes=31)
    await fetch_all(tips_app, media_fetcher)
    tips_app.clock.at = NOON
    await tips_app.handle(sent(server.url("/film/5"), Kind.VIDEO), withdrew())
    await fetch_all(tips_app, media_fetcher)
    assert await file_states(tips_app) == {"refused": 2}
    assert notices(tips_app) == []


async def test_the_same_notice_told_again_after_a_crash_has_the_same_id(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    await send_files(tips_app, server.url("/film/4"), kind=Kind.VIDEO)
    await fetch_all(tips_app, media_fetcher)
    await tips_app.db["media"].update_many({}, {"$set": {"notice": "size"}, "$unset": {"noticed": ""}})
    await notify_missing(tips_app)
    first, again = tips_app.replies()[-2:]
    assert first.id == again.id


async def test_a_reporter_has_so_many_files_and_bytes_a_day_over_all_tips(
    db: Database, server: Cdn, media_fetcher: MediaFetcher
) -> None:
    tips_app = TipsApp(db, settings=TipsSettings(person_files=1))
    await send_files(tips_app, server.url("/a.png"))
    await fetch_all(tips_app, media_fetcher)
    await tips_app.handle(message_received("#xong", at=NOON + timedelta(seconds=30)))
    await tips_app.handle(
        message_received("#tinbao", at=NOON + timedelta(seconds=40)), sent(server.url("/b.png"), seconds=50)
    )
    await fetch_all(tips_app, media_fetcher)
    assert server.requested == ["/a.png"]
    assert "vượt quá mức nhận trong một ngày" in notices(tips_app)[0]


async def test_bytes_are_counted_as_files_are(db: Database, server: Cdn, media_fetcher: MediaFetcher) -> None:
    tips_app = TipsApp(db, settings=TipsSettings(person_bytes=1_000))
    await send_files(tips_app, server.url("/a.png"), server.url("/b.png"))
    await fetch_all(tips_app, media_fetcher)
    assert await file_states(tips_app) == {"kept": 1, "refused": 1}


async def test_on_a_full_disk_files_wait_words_are_taken_and_the_reporter_is_told(
    tips_app: TipsApp, server: Cdn, media_fetcher: MediaFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr("chassis.disk.LEAST_FREE_BYTES", float("inf"))
        full.setattr("chassis.disk.LEAST_FREE_SHARE", 1.1)
        await send_files(tips_app, server.url("/a.png"))
        await fetch_all(tips_app, media_fetcher)
        await tips_app.handle(message_received("ở chợ", at=NOON + timedelta(seconds=20)))
    assert "tạm hết chỗ" in notices(tips_app)[0]
    assert len(await tips_app.officer_reads(await tips_app.case())) == 2
    tips_app.stores.disk.monotonic = lambda: float("inf")
    tips_app.clock.advance(seconds=WAITS[0])
    await fetch_all(tips_app, media_fetcher)
    assert await file_states(tips_app) == {"kept": 1}
