"""Receipts onto the ledger: late, early, twice, unknown."""

from contracts.event import Event
from contracts.gateway import MessageDelivered, MessageSeen
from contracts.notify import MessageSettled
from contracts.receipt import Receipt
from sandbox.people import Contact
from services.notify.tokens import now_ms
from tests.doubles import sealed_body
from tests.services.notify.inside import Inside, until


def receipt(play: Inside, kind: type[Event], to: Contact, *message_ids: str) -> Event:
    event: Event = play.about(kind, to, body=sealed_body(Receipt(msg_ids=message_ids), to.oa_id))
    return event


def ids(play: Inside) -> list[str]:
    return [message.message_id for message in play.platform.world.post.answers]


def endings(events: list[Event]) -> list[str]:
    return [one.status for one in events if isinstance(one, MessageSettled)]


async def _gone(play: Inside) -> bool:
    return await play.count("early") == 0


async def sent(play: Inside, *texts: str) -> Contact:
    to = play.citizen()
    await play.hear(play.reply(to, *texts))
    await play.settled()
    return to


async def test_delivered_then_seen(play: Inside) -> None:
    to = await sent(play, "một")
    said = await play.hear(receipt(play, MessageDelivered, to, *ids(play)))
    assert (endings(said), await play.statuses()) == (["delivered"], {"delivered": 1})
    said = await play.hear(receipt(play, MessageSeen, to, *ids(play)))
    assert (endings(said), await play.statuses()) == (["seen"], {"seen": 1})


async def test_seen_first_is_not_taken_back(play: Inside) -> None:
    to = await sent(play, "một")
    await play.hear(receipt(play, MessageSeen, to, *ids(play)))
    said = await play.hear(receipt(play, MessageDelivered, to, *ids(play)))
    assert (endings(said), await play.statuses()) == ([], {"seen": 1})


async def test_one_seen_event_names_several_messages(play: Inside) -> None:
    to = await sent(play, "một", "hai", "ba")
    said = await play.hear(receipt(play, MessageSeen, to, *ids(play)))
    assert (endings(said), await play.statuses()) == (["seen"] * 3, {"seen": 3})


async def test_a_repeat_says_the_same_fact_again(play: Inside) -> None:
    to = await sent(play, "một")
    told = receipt(play, MessageDelivered, to, *ids(play))
    first, again = await play.hear(told), await play.hear(told)
    assert [one.id for one in first] == [one.id for one in again]
    assert await play.statuses() == {"delivered": 1}


async def test_a_receipt_that_overtakes_our_own_note_is_not_lost(play: Inside) -> None:
    to = play.citizen()
    await play.hear(play.reply(to, "một"))
    await until(lambda: bool(ids(play) and play.house.outbound.settler.references))
    await play.hear(receipt(play, MessageSeen, to, *ids(play)))
    assert await play.settled() == {"seen": 1}
    assert await play.db["early"].count_documents({}) == 0, "nothing had to be parked"


async def test_a_receipt_for_what_nobody_knows_yet_is_parked_and_applied_when_it_is_known(play: Inside) -> None:
    to = await sent(play, "một")
    entry = await play.entry()
    await play.db["deliveries"].update_one({}, {"$set": {"ref": "not-known-yet"}})
    assert await play.hear(receipt(play, MessageSeen, to, *ids(play))) == []
    assert await play.db["early"].count_documents({}) == 1
    await play.db["deliveries"].update_one({}, {"$set": {"ref": entry["ref"]}})
    await until(lambda: _gone(play))
    assert await play.statuses() == {"seen": 1}
    assert "seen" in [one.status for one in play.told()], "and it was said"


async def test_a_receipt_for_what_was_never_ours_waits_longer_and_longer(play: Inside) -> None:
    to = play.citizen()
    await play.hear(receipt(play, MessageSeen, to, "an-officers-own-message"))
    book = play.house.sweeper.receipts
    for hours in range(1, 5):
        await book.retry_parked(now_ms() + hours * 3_600_000, play.house.teller.say_facts)
    parked = await play.db["early"].find_one({})
    assert parked is not None
    assert parked["wait"] == 16_000
    assert "an-officers-own-message" not in str(parked)
