"""Zalo misbehaves: nothing is lost, nothing comes twice, and nobody waits for somebody else's trouble."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sandbox.faults import FaultPlan
from services.notify.decide import REMEDIES
from tests.services.notify.notify_app import OA, OTHER_OA, NotifyApp, notify_app, now_ms, until

WAIT_SECONDS = 30
SEED = 2  # Of the first five calls, some are refused.


def use_faults(notify: NotifyApp, **plan: Any) -> None:
    notify.platform.faults.use(FaultPlan.model_validate(plan))


def more_calls(notify: NotifyApp, than: int) -> bool:
    """Whether Zalo was called once more, whatever it said before: the pause that a refusal brought is ended each time."""
    notify.service.pipeline.breakers.reset(OA)
    return notify.calls() > than


async def test_a_call_taken_but_never_answered_is_not_sent_again(notify: NotifyApp) -> None:
    people = [notify.citizen() for _ in range(10)]
    use_faults(notify, hang={"rate": 0.3, "seconds": 30})
    replies = [notify.reply(to, f"{index}") for index in range(4) for to in people]
    await notify.handle(*replies)
    await until(lambda: notify.count(doubt=True), WAIT_SECONDS)
    use_faults(notify)
    assert await notify.settled(30) == {"sent": 40}
    assert [notify.texts_to(to) for to in people] == [["0", "1", "2", "3"]] * 10
    assert await notify.db["deliveries"].count_documents({"doubt": True}) > 0, "the ledger marks them"


async def test_the_same_words_twice_come_twice_even_when_uncertain(notify: NotifyApp) -> None:
    to = notify.citizen()
    use_faults(notify, hang={"rate": 0.5, "seconds": 30}, seed=3)
    await notify.handle(*(notify.reply(to, "Mời bạn chọn") for _ in range(4)))
    await until(lambda: notify.count(doubt=True), WAIT_SECONDS)
    use_faults(notify)
    assert await notify.settled(30) == {"sent": 4}
    assert notify.texts_to(to) == ["Mời bạn chọn"] * 4
    references = [document["ref"] async for document in notify.db["deliveries"].find()]
    assert len(set(references)) == 4


async def test_a_storm_of_rate_limits_is_waited_out(notify: NotifyApp) -> None:
    to = notify.citizen()
    use_faults(notify, storm={"kind": "429", "seconds": 0.8, "retry_after": 1})
    await notify.handle(notify.reply(to, "một", "hai"))
    assert await notify.settled(20) == {"sent": 2}
    assert notify.texts_to(to) == ["một", "hai"]
    assert (await notify.stored_delivery())["k"] == 1, "it cost no attempt"
    assert notify.calls() <= 6, "the storm was not fed"


async def test_failed_sends_are_tried_again_in_order(notify: NotifyApp) -> None:
    people = [notify.citizen() for _ in range(5)]
    use_faults(notify, errors=[{"code": -200, "rate": 0.3, "path": "/v3.0/oa/message/cs"}], seed=SEED)
    await notify.handle(*(notify.reply(to, f"{index}") for index in range(3) for to in people))
    await until(lambda: notify.calls() >= len(people), WAIT_SECONDS)
    use_faults(notify)
    assert await notify.settled(20) == {"sent": 15}
    assert [notify.texts_to(to) for to in people] == [["0", "1", "2"]] * 5
    assert notify.calls() > 15, "what was refused was sent again"


async def test_a_citizen_who_cannot_be_reached_fails_after_a_few_tries_and_others_go_on(notify: NotifyApp) -> None:
    unreachable, fine = notify.citizen(), notify.citizen()
    notify.platform.network.citizens[unreachable.citizen_id].unreachable = True
    sender = notify.service.pipeline.dispatcher._sender
    sender.rules = replace(sender.rules, max_attempts=2)
    await notify.handle(notify.reply(unreachable, "một"), notify.reply(fine, "một"))
    assert await notify.settled(20) == {"failed": 1, "sent": 1}
    assert (await notify.stored_delivery(s="failed"))["why"] == "attempts"


async def test_expired_tokens_are_refreshed_once_for_everybody(notify: NotifyApp) -> None:
    people = [notify.citizen() for _ in range(30)]
    notify.platform.tokens.expire(OA)
    await notify.handle(*(notify.reply(to, "Dạ") for to in people))
    assert await notify.settled() == {"sent": 30}
    assert notify.calls("/v4/oa/access_token") == 1


async def test_an_oa_that_must_be_put_right_by_a_person_waits_while_others_go_on(notify: NotifyApp) -> None:
    stuck, fine = notify.citizen(OTHER_OA), notify.citizen()
    notify.platform.network.accounts[OTHER_OA].authorised = False
    await notify.handle(
        *(notify.reply(stuck, f"{index}") for index in range(5)),
        *(notify.reply(fine, f"{index}") for index in range(5)),
    )
    await until(lambda: len(notify.texts_to(fine)) == 5)
    await until(lambda: OTHER_OA in notify.service.pipeline.breakers.paused_oas(now_ms()), WAIT_SECONDS)
    assert notify.calls() <= 7, "one refusal was enough to hold the rest"
    notify.platform.network.accounts[OTHER_OA].authorised = True
    await notify.service.pipeline.on_authorised(OTHER_OA)
    assert await notify.settled() == {"sent": 10}
    assert notify.texts_to(stuck) == ["0", "1", "2", "3", "4"]


async def test_a_slow_oa_does_not_take_all_calls(mongo_url: str, tmp_path: Path) -> None:
    """Zalo hangs for one OA's calls: the others are served before the first of these is given up."""
    async with notify_app(mongo_url, tmp_path, send_seconds=5, lease_seconds=12) as notify:
        await notify.authorise(OA, OTHER_OA)
        slow = [notify.citizen(OTHER_OA) for _ in range(80)]
        fine = [notify.citizen() for _ in range(20)]
        use_faults(notify, hang={"rate": 1, "seconds": 30})
        await notify.handle(*(notify.reply(to, "chậm") for to in slow))
        await until(lambda: sum(map(len, notify.chats(OTHER_OA).values())) == 48)
        use_faults(notify)
        await notify.handle(*(notify.reply(to, "nhanh") for to in fine))
        await until(lambda: sum(map(len, notify.chats(OA).values())) == 20)
        assert not [
            delivery for delivery in notify.service.pipeline.dispatcher.claims.claimed.values() if delivery.uncertain
        ]
        assert (await notify.settled(40))["sent"] == 100
        assert all(notify.texts_to(to) == ["chậm"] for to in slow)


async def test_a_refusal_never_ends_a_message_silently(notify: NotifyApp) -> None:
    """Every code of the table, once: each message is sent, waits, or has ended with its code and reason."""
    codes = [code for code in REMEDIES if code < -200]
    for code in codes:
        use_faults(notify, errors=[{"code": code, "rate": 1, "path": "/v3.0/oa/message/cs"}])
        called = notify.calls()
        await notify.handle(notify.reply(notify.citizen(), "Dạ"))
        await until(partial(more_calls, notify, called), WAIT_SECONDS)
    await notify.service.pipeline.result_writer.drained()
    documents = await notify.db["deliveries"].find().to_list(None)
    assert len(documents) == len(codes)
    for document in documents:
        waits = document["s"] in ("accepted", "sending")
        assert waits or (document["code"] and document["why"]), document["s"]


async def test_while_zalo_is_down_everything_waits_and_then_goes(notify: NotifyApp) -> None:
    people = [notify.citizen() for _ in range(10)]
    wire = notify.service.pipeline.wire
    port, wire.port = wire.port, 9  # Nobody listens there.
    await notify.handle(*(notify.reply(to, f"{index}") for index in range(2) for to in people))
    await until(lambda: OA in notify.service.pipeline.breakers.paused_oas(now_ms()), WAIT_SECONDS)
    assert notify.calls() == 0
    wire.port = port
    assert await notify.settled(30) == {"sent": 20}
    assert [notify.texts_to(to) for to in people] == [["0", "1"]] * 10
