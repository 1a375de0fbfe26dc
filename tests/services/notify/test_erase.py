"""A citizen withdraws: what waited is not sent, and nothing leads to them any more."""

import asyncio
from datetime import UTC, datetime

from contracts.gateway import CitizenWithdrew, MessageReceived
from contracts.message import InboundMessage, Kind, Lane
from contracts.notify import NotifyForgot
from sandbox.faults import FaultPlan
from tests.services.notify.notify_app import OTHER_OA, NotifyApp


async def test_what_waited_is_suppressed_and_what_was_stored_is_erased(notify: NotifyApp) -> None:
    await notify.db["tokens"].delete_one({"_id": OTHER_OA})
    to, other = notify.citizen(OTHER_OA), notify.citizen(OTHER_OA)
    await notify.handle(notify.reply(to, "một"), notify.reply(to, "hai", lane=Lane.BULK), notify.reply(other, "ba"))
    received = notify.event_about(MessageReceived, to, kind=Kind.TEXT, body=InboundMessage(text="x"))
    await notify.handle(received)
    await notify.service.pipeline.result_writer.drained()
    withdrew = notify.event_about(CitizenWithdrew, to)
    published = await notify.handle(withdrew)
    assert published == [NotifyForgot.derive(withdrew)]
    mine = await notify.db["deliveries"].find({"c": received.conversation}).to_list(None)
    assert [(document["s"], document["why"]) for document in mine] == [("suppressed", "withdrawn")] * 2
    assert not any({"body", "addr", "ref"} & set(document) for document in mine)
    assert await notify.db["windows"].count_documents({}) == 0
    assert await notify.db["deliveries"].count_documents({"open": True}) == 1, "others' words still wait"


async def test_what_is_in_flight_arrives_and_nothing_follows(notify: NotifyApp) -> None:
    to = notify.citizen()
    notify.platform.faults.use(FaultPlan.model_validate({"latency": {"min_ms": 300, "max_ms": 300}}))
    await notify.handle(*(notify.reply(to, f"{index}") for index in range(5)))
    await asyncio.sleep(0.1)
    await notify.handle(notify.event_about(CitizenWithdrew, to))
    await asyncio.sleep(0.6)
    assert notify.texts_to(to) == ["0"]
    assert await notify.db["deliveries"].count_documents({"open": True}) == 0


async def test_a_withdrawal_delivered_again_leaves_what_the_citizen_did_since(notify: NotifyApp) -> None:
    await notify.db["tokens"].delete_one({"_id": OTHER_OA})
    to = notify.citizen(OTHER_OA)
    withdrew = notify.event_about(CitizenWithdrew, to)
    await notify.handle(withdrew)
    await asyncio.sleep(0.002)  # Times of events are milliseconds.
    received = notify.event_about(MessageReceived, to, kind=Kind.TEXT, body=InboundMessage(text="x"))
    await notify.handle(received, notify.reply(to, "một"))
    await notify.handle(withdrew)
    assert await notify.count(c=received.conversation, open=True) == 1
    assert await notify.db["windows"].count_documents({}) == 1


async def test_withdrawing_twice_is_withdrawing_once(notify: NotifyApp) -> None:
    withdrew = notify.event_about(CitizenWithdrew, notify.citizen())
    assert await notify.handle(withdrew) == await notify.handle(withdrew)


async def test_an_hour_of_messages_is_one_note_of_the_window(notify: NotifyApp) -> None:
    to = notify.citizen()
    for _ in range(5):
        await notify.handle(notify.event_about(MessageReceived, to, kind=Kind.TEXT, body=InboundMessage(text="x")))
    (window,) = await notify.db["windows"].find().to_list(None)
    assert abs(window["at"] - datetime.now(UTC).timestamp() * 1_000) < 10_000
    assert window["exp"] > datetime.now(UTC)
