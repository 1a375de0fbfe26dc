"""Words chosen come into the chat: once each, in order, and the ledger knows."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from chassis.blame import Poison
from contracts.message import Button, ButtonKind, Lane, Part
from sandbox.faults import FaultPlan
from services.notify.entry import Status, entry_id
from services.notify.zalo.oauth import Pair
from tests.services.notify.inside import OTHER_OA, Inside, inside, until


async def test_words_and_buttons_arrive(play: Inside) -> None:
    to = play.citizen()
    buttons = (Button(title="Lệ phí", payload="#fee"), Button(title="Gọi 113", kind=ButtonKind.PHONE, payload="113"))
    await play.hear(play.speech(to, Part(text="Mời bạn chọn", buttons=buttons)))
    assert await play.settled() == {"sent": 1}
    (message,) = play.platform.world.post.answers
    assert message.text == "Mời bạn chọn"
    assert [button["type"] for button in message.buttons] == ["oa.query.show", "oa.open.phone"]


async def test_parts_arrive_in_order_and_conversations_side_by_side(play: Inside) -> None:
    people = [play.citizen() for _ in range(20)]
    said = [play.reply(to, f"{nth} a", f"{nth} b") for nth in range(4) for to in people]
    await play.hear(*said)
    assert await play.settled() == {"sent": 160}
    expected = [f"{nth} {part}" for nth in range(4) for part in "ab"]
    assert [play.said(to) for to in people] == [expected] * 20


async def test_a_fact_heard_again_is_sent_once(play: Inside) -> None:
    to = play.citizen()
    said = play.reply(to, "Dạ có ạ")
    await play.hear(said, said)
    await play.hear(said)
    await play.settled()
    await play.hear(said)
    await asyncio.sleep(0.2)
    assert play.said(to) == ["Dạ có ạ"]
    assert await play.statuses() == {"sent": 1}


async def test_what_was_accepted_but_never_handed_over_is_sent_when_it_is_heard_again(play: Inside) -> None:
    """The acknowledgement of the insert was lost: the loop tries the same batch again."""
    to = play.citizen()
    said = play.reply(to, "Dạ có ạ")
    acceptor, taken = play.house.listener.acceptor, play.house.outbound.dispatcher.take
    object.__setattr__(acceptor.dispatcher, "take", lambda *_, **__: None)
    await play.hear(said)
    object.__setattr__(acceptor.dispatcher, "take", taken)
    await play.hear(said)
    assert await play.settled(2) == {"sent": 1}
    assert play.said(to) == ["Dạ có ạ"]


async def test_each_ending_is_said_once_on_the_log(play: Inside) -> None:
    to = play.citizen()
    said = play.reply(to, "một", "hai")
    await play.hear(said)
    await play.settled()
    await until(lambda: len(play.told()) == 2)
    assert [(one.status, one.code, one.attempts, one.caused_by) for one in play.told()] == [("sent", 0, 1, said.id)] * 2
    assert len({one.id for one in play.told()}) == 2
    await until(lambda: _all_told(play))


async def _all_told(play: Inside) -> bool:
    return await play.count(tell={"$exists": True}) == 0


async def test_endings_that_could_not_be_said_are_said_later(play: Inside) -> None:
    teller = play.house.teller
    mouth, teller._mouth = teller._mouth, _Dumb()
    teller._waiting.clear()
    await play.hear(play.reply(play.citizen(), "một"))
    await play.settled()
    teller._mouth = mouth
    assert await play.db["deliveries"].count_documents({"tell": "sent"}) == 1
    await teller.again(int(datetime.now(UTC).timestamp() * 1_000) + 60_000)
    assert [one.status for one in play.told()] == ["sent"]
    assert await play.db["deliveries"].count_documents({"tell": {"$exists": True}}) == 0


class _Dumb:
    async def say(self, utterances: Any) -> None:
        """Nothing is heard, and nothing comes back in this test's time."""
        del utterances
        await asyncio.Event().wait()


async def test_stale_words_are_not_sent(play: Inside) -> None:
    to = play.citizen()
    await play.hear(play.reply(to, "Chào buổi sáng", not_after=datetime.now(UTC) - timedelta(seconds=1)))
    assert await play.settled() == {"expired": 1}
    assert play.said(to) == []


async def test_a_citizen_silent_for_more_than_48_hours_is_left_in_peace_without_asking_zalo(play: Inside) -> None:
    to = play.citizen()
    await play.hear(play.reply(to, "Dạ", at=datetime.now(UTC) - timedelta(hours=49), not_after=None))
    assert await play.settled() == {"suppressed": 1}
    assert (await play.entry())["why"] == "window_48h"
    assert play.calls() == 0


async def test_zalos_own_refusal_for_a_closed_window_is_a_suppression_too(play: Inside) -> None:
    to = play.citizen()
    to.last_interaction_ms = play.platform.clock.now_ms() - 8 * 86_400_000
    await play.hear(play.reply(to, "Dạ"))
    assert await play.settled() == {"suppressed": 1}
    assert (await play.entry())["code"] == -230


async def test_a_campaign_asks_when_its_citizen_last_spoke(play: Inside) -> None:
    known, unknown = play.citizen(), play.citizen()
    spoke = datetime.now(UTC) - timedelta(days=3)
    await play.house.listener.windows.spoke({play.reply(known, "x").conversation: int(spoke.timestamp() * 1_000)})
    await play.hear(*(play.reply(to, "Tin mới", lane=Lane.BULK) for to in (known, unknown)))
    assert await play.settled() == {"suppressed": 1, "sent": 1}
    assert (play.said(known), play.said(unknown)) == ([], ["Tin mới"])


async def test_a_message_that_can_never_arrive_does_not_hold_up_the_next(play: Inside) -> None:
    to = play.citizen()
    play.platform.policy.words = ("cá cược",)
    await play.hear(play.reply(to, "cá cược bóng đá", "sau đó"))
    assert await play.settled() == {"failed": 1, "sent": 1}
    assert play.said(to) == ["sau đó"]
    assert (await play.entry(s="failed"))["code"] == -248


async def test_an_address_that_does_not_open_fails_alone(play: Inside) -> None:
    to, other = play.citizen(), play.citizen()
    bad = play.reply(to, "Dạ").model_copy(update={"address": "k9.bm90IG91cnM="})
    await play.hear(bad, play.reply(other, "Dạ"))
    assert await play.settled() == {"failed": 1, "sent": 1}
    assert (await play.entry(s="failed"))["why"] == "unreadable"


async def test_one_oa_without_tokens_holds_up_nobody_else(play: Inside) -> None:
    await play.db["tokens"].delete_one({"_id": OTHER_OA})
    stuck, fine = play.citizen(OTHER_OA), play.citizen()
    await play.hear(play.reply(stuck, "một"), play.reply(fine, "một"))
    await until(lambda: bool(play.said(fine)))
    assert await play.db["deliveries"].count_documents({"oa": OTHER_OA, "open": True}) == 1
    grant = play.platform.tokens.issue("1000000000000000001", OTHER_OA)
    pair = Pair(SecretStr(grant.access_token), SecretStr(grant.refresh_token), 90_000)
    await play.house.outbound.keeper.adopt(OTHER_OA, pair)
    await play.house.outbound.welcome(OTHER_OA)
    assert await play.settled() == {"sent": 2}


async def test_nothing_of_a_sent_message_stays_readable_or_personal(play: Inside) -> None:
    to = play.citizen()
    said = play.reply(to, "Bí mật")
    await play.hear(said)
    await play.settled()
    entry = await play.entry(_id=entry_id(said.id, 0))
    assert entry["s"] == Status.SENT
    assert not {"body", "addr", "own", "open"} & set(entry)
    assert to.user_id not in str(entry)
    assert play.platform.world.post.answers[0].message_id not in str(entry)


async def test_more_than_memory_holds_goes_through_the_ledger_in_order(mongo_url: str, tmp_path: Path) -> None:
    async with inside(mongo_url, tmp_path, queue_limit=40, in_flight=8) as play:
        await play.authorise()
        people = [play.citizen() for _ in range(50)]
        for nth in range(0, 12, 3):
            await play.hear(*(play.reply(to, f"{nth + more}") for more in range(3) for to in people))
        assert await play.settled(60) == {"sent": 600}
        assert all(play.said(to) == [f"{nth}" for nth in range(12)] for to in people)
        assert len(play.house.outbound.dispatcher.hands.held) == 0


async def test_an_urgent_word_does_not_queue_up_behind_a_backlog(mongo_url: str, tmp_path: Path) -> None:
    async with inside(mongo_url, tmp_path, queue_limit=30, in_flight=2) as play:
        await play.authorise()
        play.platform.faults.use(FaultPlan.model_validate({"latency": {"min_ms": 10, "max_ms": 10}}))
        await play.hear(*(play.reply(play.citizen(), "Tin mới", lane=Lane.BULK) for _ in range(300)))
        to = play.citizen()
        await play.hear(play.reply(to, "Đã nhận tin báo", lane=Lane.URGENT))
        await until(lambda: bool(play.said(to)))
        assert sum(map(len, play.chats().values())) < 150
        assert await play.settled(60) == {"sent": 301}


async def test_words_that_do_not_open_are_the_records_fault(play: Inside) -> None:
    bad = play.reply(play.citizen(), "Dạ").model_copy(update={"body": "k9.bm90IG91cnM="})
    with pytest.raises(Poison):
        await play.hear(bad)
    assert await play.statuses() == {}
