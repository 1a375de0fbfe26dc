"""Receipts onto the ledger: late, early, twice, unknown."""

from chassis.publisher import Publisher
from contracts.event import Event
from contracts.gateway import MessageDelivered, MessageSeen
from contracts.notify import MessageSettled
from contracts.receipt import Receipt
from sandbox.people import Contact
from tests.services.notify.notify_app import NotifyApp, now_ms, until


def receipt(notify: NotifyApp, kind: type[Event], to: Contact, *message_ids: str) -> Event:
    event: Event = notify.event_about(kind, to, body=Receipt(msg_ids=message_ids))
    return event


def ids(notify: NotifyApp) -> list[str]:
    return [message.message_id for message in notify.platform.network.inboxes.answers]


def endings(events: list[Event]) -> list[str]:
    return [event.status for event in events if isinstance(event, MessageSettled)]


async def _nothing_parked(notify: NotifyApp) -> bool:
    return await notify.count("early") == 0


async def sent(notify: NotifyApp, *texts: str) -> Contact:
    to = notify.citizen()
    await notify.handle(notify.reply(to, *texts))
    await notify.settled()
    return to


async def test_delivered_then_seen(notify: NotifyApp) -> None:
    to = await sent(notify, "một")
    published = await notify.handle(receipt(notify, MessageDelivered, to, *ids(notify)))
    assert (endings(published), await notify.statuses()) == (["delivered"], {"delivered": 1})
    published = await notify.handle(receipt(notify, MessageSeen, to, *ids(notify)))
    assert (endings(published), await notify.statuses()) == (["seen"], {"seen": 1})


async def test_seen_first_is_not_taken_back(notify: NotifyApp) -> None:
    to = await sent(notify, "một")
    await notify.handle(receipt(notify, MessageSeen, to, *ids(notify)))
    published = await notify.handle(receipt(notify, MessageDelivered, to, *ids(notify)))
    assert (endings(published), await notify.statuses()) == ([], {"seen": 1})


async def test_one_seen_event_names_several_messages(notify: NotifyApp) -> None:
    to = await sent(notify, "một", "hai", "ba")
    published = await notify.handle(receipt(notify, MessageSeen, to, *ids(notify)))
    assert (endings(published), await notify.statuses()) == (["seen"] * 3, {"seen": 3})


async def test_a_repeat_publishes_the_same_event_again(notify: NotifyApp) -> None:
    to = await sent(notify, "một")
    delivered = receipt(notify, MessageDelivered, to, *ids(notify))
    first, again = await notify.handle(delivered), await notify.handle(delivered)
    assert [event.id for event in first] == [event.id for event in again]
    assert await notify.statuses() == {"delivered": 1}


async def test_a_receipt_that_overtakes_our_own_note_is_not_lost(notify: NotifyApp) -> None:
    to = notify.citizen()
    await notify.handle(notify.reply(to, "một"))
    await until(lambda: bool(ids(notify) and notify.service.pipeline.result_writer.references))
    await notify.handle(receipt(notify, MessageSeen, to, *ids(notify)))
    assert await notify.settled() == {"seen": 1}
    assert await notify.db["early"].count_documents({}) == 0, "nothing had to be parked"


async def test_a_receipt_for_an_unknown_message_is_parked_and_applied_later(notify: NotifyApp) -> None:
    to = await sent(notify, "một")
    document = await notify.stored_delivery()
    await notify.db["deliveries"].update_one({}, {"$set": {"ref": "not-known-yet"}})
    assert await notify.handle(receipt(notify, MessageSeen, to, *ids(notify))) == []
    assert await notify.db["early"].count_documents({}) == 1
    await notify.db["deliveries"].update_one({}, {"$set": {"ref": document["ref"]}})
    await until(lambda: _nothing_parked(notify))
    assert await notify.statuses() == {"seen": 1}
    assert "seen" in [event.status for event in notify.settled_events()], "and it was said"


async def test_a_receipt_for_what_was_never_ours_waits_longer_and_longer(notify: NotifyApp) -> None:
    to = notify.citizen()
    await notify.handle(receipt(notify, MessageSeen, to, "an-officers-own-message"))
    receipts, publish = notify.service.parts.receipts, Publisher("notify", "", notify.log.producer()).publish
    for hours in range(1, 5):
        await receipts.settle_early(await receipts.early(now_ms() + hours * 3_600_000, ()), publish)
    parked = await notify.db["early"].find_one({})
    assert parked is not None
    assert parked["wait"] == 16_000
    assert "an-officers-own-message" not in str(parked)
