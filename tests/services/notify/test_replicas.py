"""Several processes on one ledger: each message is sent by one of them, in order, whatever happens to the other."""

import asyncio
from pathlib import Path

from services.notify.delivery import Status, from_document
from services.notify.dispatch.claims import Claims
from services.notify.store.claims import ClaimStore
from tests.services.notify.notify_app import NotifyApp, notify_app, now_ms


async def test_two_sweepers_share_the_work_and_send_nothing_twice(mongo_url: str, tmp_path: Path) -> None:
    async with notify_app(mongo_url, tmp_path, replicas=2) as notify:
        await _different_worker_ids(notify)
        await notify.authorise()
        people = [notify.citizen() for _ in range(40)]
        await _only_accept(notify, *(notify.reply(to, f"{index}", f"{index}+") for index in range(3) for to in people))
        assert await notify.settled(30) == {"sent": 240}
        expected = [f"{index}{part}" for index in range(3) for part in ("", "+")]
        assert [notify.texts_to(to) for to in people] == [expected] * 40


async def test_what_the_other_has_claimed_is_not_ours(mongo_url: str, tmp_path: Path) -> None:
    async with notify_app(mongo_url, tmp_path, replicas=0) as notify:
        first, second = ClaimStore(notify.db["deliveries"], "one"), ClaimStore(notify.db["deliveries"], "two")
        await _raw(notify, count=30)
        now = now_ms()
        won = await asyncio.gather(*(store.claim_due(now, now + 5_000, 100, ()) for store in (first, second)))
        ids = [delivery.id for part in won for delivery in part]
        assert len(ids) == len(set(ids))
        for part in won:
            for queue_key in {delivery.queue_key for delivery in part}:
                orders = [delivery.order for delivery in part if delivery.queue_key == queue_key]
                assert orders == list(range(len(orders))), "an unbroken head"


async def test_a_claim_that_lapsed_is_taken_over_as_uncertain(mongo_url: str, tmp_path: Path) -> None:
    async with notify_app(mongo_url, tmp_path, replicas=0) as notify:
        await _raw(notify, count=1)
        first, second = ClaimStore(notify.db["deliveries"], "one"), ClaimStore(notify.db["deliveries"], "two")
        now = now_ms()
        await first.claim_due(now, now + 1_000, 10, ())
        assert await second.claim_due(now + 500, now + 9_000, 10, ()) == []
        (delivery,) = await second.claim_due(now + 3_001, now + 9_000, 10, ())
        assert (delivery.uncertain, delivery.worker_id, delivery.status) == (True, "two", Status.SENDING)


async def test_who_lost_a_claim_does_not_send(mongo_url: str, tmp_path: Path) -> None:
    async with notify_app(mongo_url, tmp_path) as notify:
        claims: Claims = notify.service.pipeline.dispatcher.claims
        await _raw(
            notify, count=1, own="another", s="sending", due=now_ms() + 9_000
        )  # Never due to the service's own sweeper.
        delivery = from_document(
            {**await notify.stored_delivery(), "own": "", "s": "accepted", "due": 0}
        )  # As it was read before.
        assert claims.add(delivery, swept=True) is None
        assert not await claims.may_send(delivery)


async def _different_worker_ids(notify: NotifyApp) -> None:
    """Both services live in this process: their claims must differ all the same."""
    second = notify.replicas[1]
    for part in (second.handler.acceptor, second.handler.acceptor.ledger, second.parts.stores.claims):
        name = "worker_id" if hasattr(part, "worker_id") else "_worker_id"
        setattr(part, name, "other|0|0")


async def _only_accept(notify: NotifyApp, *events: object) -> None:
    """Into the ledger, but into nobody's hands: the sweepers of both services find them."""
    claims = notify.service.pipeline.dispatcher.claims
    limit, claims.limit = claims.limit, 0
    notify.service.handler.acceptor.now_ms = now_ms
    await notify.handle(*events)  # type: ignore[arg-type]  # They are events.
    claims.limit = limit


async def _raw(notify: NotifyApp, count: int, **fields: object) -> None:
    for index in range(count):
        await notify.db["deliveries"].insert_one(
            {"_id": f"{index:032x}", "ev": f"{index:032x}", "n": 0, "of": 1, "c": f"c{index % 7}", "line": f"c{index % 7}",
             "oa": "1", "lane": 1, "ord": index // 7, "body": "b", "addr": "a", "acc": 0, "na": 2**42, "due": 0,
             "s": "accepted", "own": "", "k": 0, "open": True, **fields}
        )  # fmt: skip
