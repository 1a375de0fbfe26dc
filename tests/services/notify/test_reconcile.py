"""Whether an unanswered message arrived: Zalo's echo tells, or the conversation, or nobody does."""

import asyncio

from contracts.gateway import MessageEchoed
from contracts.receipt import Receipt
from sandbox.faults import FaultPlan
from sandbox.people import Contact
from tests.services.notify.notify_app import NotifyApp, until

SILENT = {"rate": 1, "seconds": 30}
HISTORY_REFUSED = [{"code": -212, "rate": 1, "path": "/v2.0/oa/conversation"}]


async def unanswered(notify: NotifyApp, *texts: str) -> Contact:
    """The first of `texts` is in the chat, and nobody told us."""
    to = notify.citizen()
    notify.platform.faults.use(FaultPlan.model_validate({"hang": SILENT}))
    await notify.handle(notify.reply(to, *texts))
    await until(lambda: bool(notify.texts_to(to)))
    return to


def echo(notify: NotifyApp, to: Contact) -> MessageEchoed:
    message = notify.platform.network.inboxes.answers[0]
    body = Receipt(msg_ids=(message.message_id,), text=message.text)
    event: MessageEchoed = notify.event_about(MessageEchoed, to, body=body)
    return event


async def test_an_echo_resolves_an_uncertain_send_without_the_history(notify: NotifyApp) -> None:
    to = await unanswered(notify, "một")
    notify.platform.faults.use(FaultPlan.model_validate({"errors": HISTORY_REFUSED}))
    await notify.handle(echo(notify, to))
    assert await notify.settled() == {"sent": 1}
    assert notify.texts_to(to) == ["một"]
    assert notify.calls("/v2.0/oa/conversation") == 0


async def test_the_echo_of_an_earlier_message_with_the_same_words_proves_nothing(notify: NotifyApp) -> None:
    to = notify.citizen()
    await notify.handle(notify.reply(to, "Mời bạn chọn"))
    await notify.settled()
    await notify.handle(echo(notify, to))
    notify.platform.faults.use(
        FaultPlan.model_validate({"errors": [{"code": -200, "rate": 1, "path": "/v3.0/oa/message/cs"}]})
    )
    await notify.handle(notify.reply(to, "Mời bạn chọn"))
    await until(lambda: notify.calls() == 2)
    await notify.db["deliveries"].update_many({"open": True}, {"$set": {"doubt": True}})
    notify.platform.faults.use(FaultPlan())
    assert await notify.settled() == {"sent": 2}
    assert notify.texts_to(to) == ["Mời bạn chọn"] * 2


async def test_an_unresolved_send_is_repeated_and_marked(notify: NotifyApp) -> None:
    to = await unanswered(notify, "một", "hai")
    notify.platform.faults.use(FaultPlan.model_validate({"errors": [{**HISTORY_REFUSED[0], "code": -9999}]}))
    assert await notify.settled(40) == {"sent": 2}
    assert notify.texts_to(to) == ["một", "một", "hai"], "the one case in which a citizen may read a message twice"
    marked = await notify.db["deliveries"].find({"resent": True}).to_list(None)
    assert [document["n"] for document in marked] == [0]


async def test_what_did_not_arrive_is_sent_after_the_time_in_which_it_still_may(notify: NotifyApp) -> None:
    to = notify.citizen()
    notify.platform.faults.use(FaultPlan.model_validate({"latency": {"min_ms": 1_200, "max_ms": 1_200}}))
    await notify.handle(notify.reply(to, "một"))
    await asyncio.sleep(1.05)  # Given up after one second; Zalo takes it a little later.
    notify.platform.faults.use(FaultPlan())
    assert await notify.settled() == {"sent": 1}
    assert notify.texts_to(to) == ["một"], "asked too early it was not there, and it was asked again"
