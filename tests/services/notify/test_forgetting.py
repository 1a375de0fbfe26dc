"""A citizen withdraws: what waited is not sent, and nothing leads to them any more."""

import asyncio
from datetime import UTC, datetime

from contracts.gateway import CitizenWithdrew, MessageReceived
from contracts.message import Kind, Lane, Spoken
from contracts.notify import NotifyForgot
from sandbox.faults import FaultPlan
from tests.doubles import sealed_body
from tests.services.notify.inside import OTHER_OA, Inside


async def test_what_waited_is_suppressed_and_what_was_kept_is_erased(play: Inside) -> None:
    await play.db["tokens"].delete_one({"_id": OTHER_OA})
    to, other = play.citizen(OTHER_OA), play.citizen(OTHER_OA)
    await play.hear(play.reply(to, "một"), play.reply(to, "hai", lane=Lane.BULK), play.reply(other, "ba"))
    told = play.about(MessageReceived, to, kind=Kind.TEXT, body=sealed_body(Spoken(text="x"), OTHER_OA))
    await play.hear(told)
    await play.house.outbound.settler.drained()
    withdrew = play.about(CitizenWithdrew, to)
    said = await play.hear(withdrew)
    assert said == [NotifyForgot.because(withdrew)]
    mine = await play.db["deliveries"].find({"c": told.conversation}).to_list(None)
    assert [(one["s"], one["why"]) for one in mine] == [("suppressed", "withdrawn")] * 2
    assert not any({"body", "addr", "ref"} & set(one) for one in mine)
    assert await play.db["windows"].count_documents({}) == 0
    assert await play.db["deliveries"].count_documents({"open": True}) == 1, "others' words still wait"


async def test_what_is_in_the_air_lands_and_the_rest_stays_on_the_ground(play: Inside) -> None:
    to = play.citizen()
    play.platform.faults.use(FaultPlan.model_validate({"latency": {"min_ms": 300, "max_ms": 300}}))
    await play.hear(*(play.reply(to, f"{nth}") for nth in range(5)))
    await asyncio.sleep(0.1)
    await play.hear(play.about(CitizenWithdrew, to))
    await asyncio.sleep(0.6)
    assert play.said(to) == ["0"]
    assert await play.db["deliveries"].count_documents({"open": True}) == 0


async def test_withdrawing_twice_is_withdrawing_once(play: Inside) -> None:
    withdrew = play.about(CitizenWithdrew, play.citizen())
    assert await play.hear(withdrew) == await play.hear(withdrew)


async def test_an_hour_of_messages_is_one_note_of_the_window(play: Inside) -> None:
    to = play.citizen()
    for _ in range(5):
        await play.hear(play.about(MessageReceived, to, kind=Kind.TEXT, body=sealed_body(Spoken(text="x"), to.oa_id)))
    (window,) = await play.db["windows"].find().to_list(None)
    assert abs(window["at"] - datetime.now(UTC).timestamp() * 1_000) < 10_000
    assert window["exp"] > datetime.now(UTC)
