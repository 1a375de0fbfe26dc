"""Words chosen come into the chat: once each, in order, and the ledger knows."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from chassis.errors import InvalidRecordError
from chassis.publisher import Publisher
from contracts.message import Button, ButtonKind, Lane, MessagePart
from sandbox.faults import FaultPlan
from services.notify.delivery import Status, delivery_id
from services.notify.known_good import known_good
from services.notify.zalo.oauth import Pair
from tests.doubles import BODIES
from tests.services.notify.notify_app import OTHER_OA, NotifyApp, notify_app, until


async def test_words_and_buttons_arrive(notify: NotifyApp) -> None:
    to = notify.citizen()
    buttons = (Button(title="Lệ phí", payload="#fee"), Button(title="Gọi 113", kind=ButtonKind.PHONE, payload="113"))
    await notify.handle(notify.reply_with(to, MessagePart(text="Mời bạn chọn", buttons=buttons)))
    assert await notify.settled() == {"sent": 1}
    (message,) = notify.platform.network.inboxes.answers
    assert message.text == "Mời bạn chọn"
    assert [button["type"] for button in message.buttons] == ["oa.query.show", "oa.open.phone"]


async def test_parts_arrive_in_order_and_conversations_side_by_side(notify: NotifyApp) -> None:
    people = [notify.citizen() for _ in range(20)]
    replies = [notify.reply(to, f"{index} a", f"{index} b") for index in range(4) for to in people]
    await notify.handle(*replies)
    assert await notify.settled() == {"sent": 160}
    expected = [f"{index} {part}" for index in range(4) for part in "ab"]
    assert [notify.texts_to(to) for to in people] == [expected] * 20


async def test_the_self_test_is_handled_and_nothing_of_it_is_sent(notify: NotifyApp) -> None:
    outgoing = await notify.handle(*known_good(BODIES))
    assert [event.type for event in outgoing] == ["notify.forgot.v1"]
    assert "sent" not in await notify.settled()
    assert notify.platform.network.inboxes.answers == []


async def test_a_repeated_event_is_sent_once(notify: NotifyApp) -> None:
    to = notify.citizen()
    reply = notify.reply(to, "Dạ có ạ")
    await notify.handle(reply, reply)
    await notify.handle(reply)
    await notify.settled()
    await notify.handle(reply)
    await asyncio.sleep(0.2)
    assert notify.texts_to(to) == ["Dạ có ạ"]
    assert await notify.statuses() == {"sent": 1}


async def test_what_was_accepted_but_never_handed_over_is_sent_when_it_is_repeated(notify: NotifyApp) -> None:
    """The acknowledgement of the insert was lost: the loop tries the same batch again."""
    to = notify.citizen()
    reply = notify.reply(to, "Dạ có ạ")
    acceptor, submit = notify.service.handler.acceptor, notify.service.pipeline.dispatcher.submit
    object.__setattr__(acceptor.dispatcher, "submit", lambda *_, **__: None)
    await notify.handle(reply)
    object.__setattr__(acceptor.dispatcher, "submit", submit)
    await notify.handle(reply)
    assert await notify.settled(2) == {"sent": 1}
    assert notify.texts_to(to) == ["Dạ có ạ"]


async def test_each_ending_is_published_once(notify: NotifyApp) -> None:
    to = notify.citizen()
    reply = notify.reply(to, "một", "hai")
    await notify.handle(reply)
    await notify.settled()
    await until(lambda: len(notify.settled_events()) == 2)
    assert [(event.status, event.code, event.attempts, event.caused_by) for event in notify.settled_events()] == [
        ("sent", 0, 1, reply.id)
    ] * 2
    assert len({event.id for event in notify.settled_events()}) == 2
    await until(lambda: _all_published(notify))


async def _all_published(notify: NotifyApp) -> bool:
    return await notify.count(tell={"$exists": True}) == 0


async def test_endings_that_could_not_be_published_are_published_later(notify: NotifyApp) -> None:
    publisher = notify.service.parts.publisher
    events, stuck = publisher._publisher, _StuckProducer()
    publisher._publisher = Publisher("notify", "", stuck)
    await notify.handle(notify.reply(notify.citizen(), "một"))
    await notify.settled()
    await asyncio.wait_for(stuck.asked.wait(), 10)
    publisher._publisher = events
    assert await notify.db["deliveries"].count_documents({"tell": "sent"}) == 1
    await notify.db["deliveries"].update_many({}, {"$inc": {"done": -60_000}})
    await notify.service.run_job("republish_settlements")
    assert [event.status for event in notify.settled_events()] == ["sent"]
    assert await notify.db["deliveries"].count_documents({"tell": {"$exists": True}}) == 0


class _StuckProducer:
    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def send(self, records: Any) -> None:
        """Nothing is acknowledged in this test's time."""
        if records:
            self.asked.set()
        await asyncio.Event().wait()


async def test_a_message_that_can_never_arrive_does_not_hold_up_the_next(notify: NotifyApp) -> None:
    to = notify.citizen()
    notify.platform.policy.words = ("cá cược",)
    await notify.handle(notify.reply(to, "cá cược bóng đá", "sau đó"))
    assert await notify.settled() == {"failed": 1, "sent": 1}
    assert notify.texts_to(to) == ["sau đó"]
    assert (await notify.stored_delivery(s="failed"))["code"] == -248


async def test_an_address_that_does_not_open_fails_alone(notify: NotifyApp) -> None:
    to, other = notify.citizen(), notify.citizen()
    bad = notify.reply(to, "Dạ").model_copy(update={"address": "k1.bm90IG91cnM="})
    await notify.handle(bad, notify.reply(other, "Dạ"))
    assert await notify.settled() == {"failed": 1, "sent": 1}
    assert (await notify.stored_delivery(s="failed"))["why"] == "unreadable"


async def test_one_oa_without_tokens_holds_up_nobody_else(notify: NotifyApp) -> None:
    await notify.db["tokens"].delete_one({"_id": OTHER_OA})
    stuck, fine = notify.citizen(OTHER_OA), notify.citizen()
    await notify.handle(notify.reply(stuck, "một"), notify.reply(fine, "một"))
    await until(lambda: bool(notify.texts_to(fine)))
    assert await notify.db["deliveries"].count_documents({"oa": OTHER_OA, "open": True}) == 1
    grant = notify.platform.tokens.issue("1000000000000000001", OTHER_OA)
    pair = Pair(SecretStr(grant.access_token), SecretStr(grant.refresh_token), 90_000)
    await notify.service.pipeline.tokens.adopt(OTHER_OA, pair)
    await notify.service.pipeline.on_authorised(OTHER_OA)
    assert await notify.settled() == {"sent": 2}


async def test_nothing_of_a_sent_message_stays_readable_or_personal(notify: NotifyApp) -> None:
    to = notify.citizen()
    reply = notify.reply(to, "Bí mật")
    await notify.handle(reply)
    await notify.settled()
    document = await notify.stored_delivery(_id=delivery_id(reply.id, 0))
    assert document["s"] == Status.SENT
    assert not {"body", "addr", "own", "open"} & set(document)
    assert to.user_id not in str(document)
    assert notify.platform.network.inboxes.answers[0].message_id not in str(document)


async def test_more_than_memory_holds_goes_through_the_ledger_in_order(mongo_url: str, tmp_path: Path) -> None:
    async with notify_app(mongo_url, tmp_path, queue_limit=40, in_flight=8) as notify:
        await notify.authorise()
        people = [notify.citizen() for _ in range(50)]
        for index in range(0, 12, 3):
            await notify.handle(*(notify.reply(to, f"{index + more}") for more in range(3) for to in people))
        assert await notify.settled(60) == {"sent": 600}
        assert all(notify.texts_to(to) == [f"{index}" for index in range(12)] for to in people)
        assert len(notify.service.pipeline.dispatcher.claims.claimed) == 0


async def test_an_urgent_word_does_not_queue_up_behind_a_backlog(mongo_url: str, tmp_path: Path) -> None:
    async with notify_app(mongo_url, tmp_path, queue_limit=30, in_flight=2) as notify:
        await notify.authorise()
        notify.platform.faults.use(FaultPlan.model_validate({"latency": {"min_ms": 10, "max_ms": 10}}))
        await notify.handle(*(notify.reply(notify.citizen(), "Tin mới", lane=Lane.BULK) for _ in range(300)))
        to = notify.citizen()
        await notify.handle(notify.reply(to, "Đã nhận tin báo", lane=Lane.URGENT))
        await until(lambda: bool(notify.texts_to(to)))
        assert sum(map(len, notify.chats().values())) < 150
        assert await notify.settled(60) == {"sent": 301}


async def test_words_that_do_not_open_are_the_records_fault(notify: NotifyApp) -> None:
    bad = notify.reply(notify.citizen(), "Dạ").model_copy(update={"body": "k1.bm90IG91cnM="})
    with pytest.raises(InvalidRecordError):
        await notify.handle(bad)
    assert await notify.statuses() == {}
