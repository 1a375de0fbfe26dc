"""Zalo misbehaves: nothing is lost, nothing comes twice, and nobody waits for somebody else's trouble."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.faults import FaultPlan
from services.notify.decide import REMEDIES
from tests.services.notify.inside import OA, OTHER_OA, Inside, inside, until


def trouble(play: Inside, **plan: Any) -> None:
    play.platform.faults.use(FaultPlan.model_validate(plan))


async def test_a_call_taken_but_never_answered_is_not_sent_again(play: Inside) -> None:
    people = [play.citizen() for _ in range(10)]
    trouble(play, hang={"rate": 0.3, "seconds": 30})
    said = [play.reply(to, f"{nth}") for nth in range(4) for to in people]
    await play.hear(*said)
    await asyncio.sleep(1.5)
    trouble(play)
    assert await play.settled(30) == {"sent": 40}
    assert [play.said(to) for to in people] == [["0", "1", "2", "3"]] * 10
    assert await play.db["deliveries"].count_documents({"doubt": True}) > 0, "the ledger marks them"


async def test_the_same_words_twice_come_twice_even_in_doubt(play: Inside) -> None:
    to = play.citizen()
    trouble(play, hang={"rate": 0.5, "seconds": 30}, seed=3)
    await play.hear(*(play.reply(to, "Mời bạn chọn") for _ in range(4)))
    await asyncio.sleep(1.5)
    trouble(play)
    assert await play.settled(30) == {"sent": 4}
    assert play.said(to) == ["Mời bạn chọn"] * 4
    references = [one["ref"] async for one in play.db["deliveries"].find()]
    assert len(set(references)) == 4


async def test_a_storm_of_rate_limits_is_waited_out(play: Inside) -> None:
    to = play.citizen()
    trouble(play, storm={"kind": "429", "seconds": 0.8, "retry_after": 1})
    await play.hear(play.reply(to, "một", "hai"))
    assert await play.settled(20) == {"sent": 2}
    assert play.said(to) == ["một", "hai"]
    assert (await play.entry())["k"] == 1, "it cost no attempt"
    assert play.calls() <= 6, "the storm was not fed"


async def test_failed_sends_are_tried_again_in_order(play: Inside) -> None:
    people = [play.citizen() for _ in range(5)]
    trouble(play, errors=[{"code": -200, "rate": 0.3, "path": "/v3.0/oa/message/cs"}])
    await play.hear(*(play.reply(to, f"{nth}") for nth in range(3) for to in people))
    await asyncio.sleep(0.5)
    trouble(play)
    assert await play.settled(20) == {"sent": 15}
    assert [play.said(to) for to in people] == [["0", "1", "2"]] * 5


async def test_a_citizen_who_cannot_be_reached_fails_after_a_few_tries_and_others_go_on(play: Inside) -> None:
    gone, fine = play.citizen(), play.citizen()
    play.platform.world.citizens[gone.citizen_id].unreachable = True
    sender = play.house.outbound.dispatcher._sender
    sender.rules = replace(sender.rules, max_attempts=2)
    await play.hear(play.reply(gone, "một"), play.reply(fine, "một"))
    assert await play.settled(20) == {"failed": 1, "sent": 1}
    assert (await play.entry(s="failed"))["why"] == "attempts"


async def test_expired_tokens_are_refreshed_once_for_everybody(play: Inside) -> None:
    people = [play.citizen() for _ in range(30)]
    play.platform.tokens.expire(OA)
    await play.hear(*(play.reply(to, "Dạ") for to in people))
    assert await play.settled() == {"sent": 30}
    assert play.calls("/v4/oa/access_token") == 1


async def test_an_oa_that_must_be_put_right_by_a_person_waits_while_others_go_on(play: Inside) -> None:
    stuck, fine = play.citizen(OTHER_OA), play.citizen()
    play.platform.world.accounts[OTHER_OA].authorised = False
    await play.hear(
        *(play.reply(stuck, f"{nth}") for nth in range(5)), *(play.reply(fine, f"{nth}") for nth in range(5))
    )
    await until(lambda: len(play.said(fine)) == 5)
    await asyncio.sleep(0.3)
    assert play.calls() <= 7, "one refusal was enough to hold the rest"
    play.platform.world.accounts[OTHER_OA].authorised = True
    await play.house.outbound.welcome(OTHER_OA)
    assert await play.settled() == {"sent": 10}
    assert play.said(stuck) == ["0", "1", "2", "3", "4"]


async def test_a_slow_oa_does_not_take_all_hands(mongo_url: str, tmp_path: Path) -> None:
    """Zalo hangs for one OA's calls: the others are served before the first of these is given up."""
    async with inside(mongo_url, tmp_path, send_seconds=5, lease_seconds=12) as play:
        await play.authorise(OA, OTHER_OA)
        slow = [play.citizen(OTHER_OA) for _ in range(80)]
        fine = [play.citizen() for _ in range(20)]
        trouble(play, hang={"rate": 1, "seconds": 30})
        await play.hear(*(play.reply(to, "chậm") for to in slow))
        await until(lambda: sum(map(len, play.chats(OTHER_OA).values())) == 48)
        trouble(play)
        await play.hear(*(play.reply(to, "nhanh") for to in fine))
        await until(lambda: sum(map(len, play.chats(OA).values())) == 20)
        assert not [one for one in play.house.outbound.dispatcher.hands.held.values() if one.doubt]
        assert (await play.settled(40))["sent"] == 100
        assert all(play.said(to) == ["chậm"] for to in slow)


async def test_a_refusal_never_ends_a_message_silently(play: Inside) -> None:
    """Every code of the table, once: each message is sent, waits, or has ended with its code and reason."""
    codes = [code for code in REMEDIES if code < -200]
    for code in codes:
        trouble(play, errors=[{"code": code, "rate": 1, "path": "/v3.0/oa/message/cs"}])
        await play.hear(play.reply(play.citizen(), "Dạ"))
        await asyncio.sleep(0.03)
        play.house.outbound.gates.open(OA)
    await play.house.outbound.settler.drained()
    entries = await play.db["deliveries"].find().to_list(None)
    assert len(entries) == len(codes)
    for entry in entries:
        waits = entry["s"] in ("accepted", "sending")
        assert waits or (entry["code"] and entry["why"]), entry["s"]


async def test_while_zalo_is_away_everything_waits_and_then_goes(play: Inside) -> None:
    people = [play.citizen() for _ in range(10)]
    wire = play.house.outbound.wire
    there, wire.port = wire.port, 9  # Nobody listens there.
    await play.hear(*(play.reply(to, f"{nth}") for nth in range(2) for to in people))
    await asyncio.sleep(0.3)
    assert play.calls() == 0
    wire.port = there
    assert await play.settled(30) == {"sent": 20}
    assert [play.said(to) for to in people] == [["0", "1"]] * 10
