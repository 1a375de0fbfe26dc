"""Whether an unanswered message arrived: Zalo's echo tells, or the conversation, or nobody does."""

import asyncio
from pathlib import Path

import pytest

from contracts.gateway import CitizenWithdrew, MessageEchoed
from contracts.receipt import Receipt
from sandbox.faults import FaultPlan
from sandbox.people import Contact, Draft
from services.notify.dispatch import reconcile
from tests.services.notify.notify_app import NotifyApp, notify_app, until

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


async def test_a_call_that_zalo_takes_long_after_it_ran_out_of_time_is_not_sent_again(
    mongo_url: str, tmp_path: Path
) -> None:
    async with notify_app(mongo_url, tmp_path, doubt_seconds=0.1, late_seconds=4) as notify:
        await notify.authorise()
        to = notify.citizen()
        notify.platform.faults.use(FaultPlan.model_validate({"latency": {"min_ms": 3_000, "max_ms": 3_000}}))
        await notify.handle(notify.reply(to, "một"))
        await until(lambda: _uncertain(notify))
        notify.platform.faults.use(FaultPlan())
        assert await notify.settled(30) == {"sent": 1}
        assert notify.texts_to(to) == ["một"]
        assert (await notify.stored_delivery())["resent"] is False


def _uncertain(notify: NotifyApp) -> bool:
    return any(delivery.uncertain for delivery in notify.service.pipeline.dispatcher.claims.claimed.values())


async def test_a_conversation_that_went_on_is_read_back_to_the_message(notify: NotifyApp) -> None:
    to = await unanswered(notify, "một")
    write_on(notify, to, 75)
    notify.platform.faults.use(FaultPlan())
    assert await notify.settled() == {"sent": 1}
    assert notify.texts_to(to) == ["một"]
    assert notify.calls("/v2.0/oa/conversation") >= 8


async def test_a_conversation_that_is_not_read_to_its_end_does_not_tell(
    notify: NotifyApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts as a refusal, not as a message that is not there."""
    monkeypatch.setattr(reconcile, "_MAX_PAGES", 2)
    to = await unanswered(notify, "một")
    write_on(notify, to, 30)
    await notify.handle(echo(notify, to))  # Later than the first look at the conversation, perhaps.
    notify.platform.faults.use(FaultPlan())
    assert await notify.settled() == {"sent": 1}
    assert notify.texts_to(to) == ["một"]


async def test_an_echo_that_another_process_heard_resolves_an_uncertain_send(mongo_url: str, tmp_path: Path) -> None:
    """The one that sent it was killed, and what it had heard is not lost with it."""
    async with notify_app(mongo_url, tmp_path, replicas=2) as notify:
        await notify.authorise()
        to = await unanswered(notify, "một")
        notify.platform.faults.use(FaultPlan.model_validate({"errors": [{**HISTORY_REFUSED[0], "code": -9999}]}))
        await notify.handle(echo(notify, to), service=notify.replicas[1])
        assert await notify.settled() == {"sent": 1}
        assert notify.texts_to(to) == ["một"]


async def test_an_echo_of_a_message_that_has_ended_is_not_kept(notify: NotifyApp) -> None:
    to = notify.citizen()
    await notify.handle(notify.reply(to, "một"))
    await notify.settled()
    await notify.handle(echo(notify, to))
    assert await notify.count("echoes") == 0


async def test_echoes_are_kept_without_their_words_and_go_with_the_citizen(notify: NotifyApp) -> None:
    to = await unanswered(notify, "một")
    await notify.handle(echo(notify, to))
    (kept,) = await notify.db["echoes"].find().to_list(None)
    assert set(kept) == {"_id", "c", "t", "exp"}
    assert "một" not in str(kept)
    await notify.handle(notify.event_about(CitizenWithdrew, to))
    assert await notify.count("echoes") == 0


def write_on(notify: NotifyApp, to: Contact, messages: int) -> None:
    for number in range(messages):
        notify.platform.network.add_message(to, from_oa=False, draft=Draft("text", f"còn đây là {number}"))
