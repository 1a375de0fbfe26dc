"""Several processes on one ledger: each message is sent by one of them, in order, whatever happens to the other."""

import asyncio
from pathlib import Path

from services.notify.dispatch.hands import Hands
from services.notify.entry import Status, from_document
from services.notify.store.claims import Claims
from services.notify.tokens import now_ms
from tests.services.notify.inside import Inside, inside


async def test_two_sweepers_share_the_work_and_send_nothing_twice(mongo_url: str, tmp_path: Path) -> None:
    async with inside(mongo_url, tmp_path, houses=2) as play:
        await _different_owners(play)
        await play.authorise()
        people = [play.citizen() for _ in range(40)]
        await _only_accept(play, *(play.reply(to, f"{nth}", f"{nth}+") for nth in range(3) for to in people))
        assert await play.settled(30) == {"sent": 240}
        expected = [f"{nth}{part}" for nth in range(3) for part in ("", "+")]
        assert [play.said(to) for to in people] == [expected] * 40


async def test_what_the_other_has_claimed_is_not_ours(mongo_url: str, tmp_path: Path) -> None:
    async with inside(mongo_url, tmp_path, houses=0) as play:
        one, two = Claims(play.db["deliveries"], "one"), Claims(play.db["deliveries"], "two")
        await _raw(play, count=30)
        now = now_ms()
        won = await asyncio.gather(*(who.take(now, now + 5_000, 100, ()) for who in (one, two)))
        ids = [entry.id for part in won for entry in part]
        assert len(ids) == len(set(ids))
        for part in won:
            for line in {entry.line for entry in part}:
                orders = [entry.order for entry in part if entry.line == line]
                assert orders == list(range(len(orders))), "an unbroken head"


async def test_a_claim_that_lapsed_is_taken_over_in_doubt(mongo_url: str, tmp_path: Path) -> None:
    async with inside(mongo_url, tmp_path, houses=0) as play:
        await _raw(play, count=1)
        one, two = Claims(play.db["deliveries"], "one"), Claims(play.db["deliveries"], "two")
        now = now_ms()
        await one.take(now, now + 1_000, 10, ())
        assert await two.take(now + 500, now + 9_000, 10, ()) == []
        (entry,) = await two.take(now + 3_001, now + 9_000, 10, ())
        assert (entry.doubt, entry.owner, entry.status) == (True, "two", Status.SENDING)


async def test_who_lost_a_claim_does_not_send(mongo_url: str, tmp_path: Path) -> None:
    async with inside(mongo_url, tmp_path) as play:
        hands: Hands = play.house.outbound.dispatcher.hands
        await _raw(
            play, count=1, own="another", s="sending", due=now_ms() + 9_000
        )  # Never due to the house's own sweeper.
        entry = from_document({**await play.entry(), "own": "", "s": "accepted", "due": 0})  # As it was read before.
        assert hands.hold(entry, swept=True) is None
        assert not await hands.may_send(entry)


async def _different_owners(play: Inside) -> None:
    """Both houses live in this process: their claims must differ all the same."""
    two = play.houses[1]
    for part in (two.listener.acceptor, two.listener.acceptor.ledger, two.sweeper.claims):
        name = "owner" if hasattr(part, "owner") else "_owner"
        setattr(part, name, "other|0|0")


async def _only_accept(play: Inside, *events: object) -> None:
    """Into the ledger, but into nobody's hands: the sweepers of both houses find them."""
    hands = play.house.outbound.dispatcher.hands
    limit, hands.limit = hands.limit, 0
    play.house.listener.acceptor.now_ms = now_ms
    await play.hear(*events)  # type: ignore[arg-type]  # They are events.
    hands.limit = limit


async def _raw(play: Inside, count: int, **fields: object) -> None:
    for nth in range(count):
        await play.db["deliveries"].insert_one(
            {"_id": f"{nth:032x}", "ev": f"{nth:032x}", "n": 0, "of": 1, "c": f"c{nth % 7}", "line": f"c{nth % 7}",
             "oa": "1", "lane": 1, "ord": nth // 7, "body": "b", "addr": "a", "acc": 0, "na": 2**42, "due": 0,
             "s": "accepted", "own": "", "k": 0, "open": True, **fields}
        )  # fmt: skip
