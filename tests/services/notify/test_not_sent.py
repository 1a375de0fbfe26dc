"""Words that come too late, or to who has been silent too long, are not sent, and the ledger knows."""

from datetime import UTC, datetime, timedelta

from contracts.message import Lane
from tests.services.notify.notify_app import NotifyApp


async def test_stale_words_are_not_sent(notify: NotifyApp) -> None:
    to = notify.citizen()
    await notify.handle(notify.reply(to, "Chào buổi sáng", not_after=datetime.now(UTC) - timedelta(seconds=1)))
    assert await notify.settled() == {"expired": 1}
    assert notify.texts_to(to) == []


async def test_a_citizen_silent_for_more_than_48_hours_is_left_in_peace_without_asking_zalo(notify: NotifyApp) -> None:
    to = notify.citizen()
    await notify.handle(notify.reply(to, "Dạ", at=datetime.now(UTC) - timedelta(hours=49), not_after=None))
    assert await notify.settled() == {"suppressed": 1}
    assert (await notify.stored_delivery())["why"] == "window_48h"
    assert notify.calls() == 0


async def test_zalos_own_refusal_for_a_closed_window_is_a_suppression_too(notify: NotifyApp) -> None:
    to = notify.citizen()
    to.last_interaction_ms = notify.platform.clock.now_ms() - 8 * 86_400_000
    await notify.handle(notify.reply(to, "Dạ"))
    assert await notify.settled() == {"suppressed": 1}
    assert (await notify.stored_delivery())["code"] == -230


async def test_a_campaign_asks_when_its_citizen_last_spoke(notify: NotifyApp) -> None:
    silent, never_seen = notify.citizen(), notify.citizen()
    spoke = datetime.now(UTC) - timedelta(days=3)
    await notify.service.handler.windows.record(
        {notify.reply(silent, "x").conversation: int(spoke.timestamp() * 1_000)}
    )
    await notify.handle(*(notify.reply(to, "Tin mới", lane=Lane.BULK) for to in (silent, never_seen)))
    assert await notify.settled() == {"suppressed": 1, "sent": 1}
    assert (notify.texts_to(silent), notify.texts_to(never_seen)) == ([], ["Tin mới"])
