"""Whether an unanswered message arrived: Zalo's echo tells, or the conversation, or nobody does."""

import asyncio

from contracts.gateway import MessageEchoed
from contracts.receipt import Receipt
from sandbox.faults import FaultPlan
from sandbox.people import Contact
from tests.doubles import sealed_body
from tests.services.notify.inside import Inside, until

SILENT = {"rate": 1, "seconds": 30}
NOT_TOLD = [{"code": -212, "rate": 1, "path": "/v2.0/oa/conversation"}]


async def unanswered(play: Inside, *texts: str) -> Contact:
    """The first of `texts` is in the chat, and nobody told us."""
    to = play.citizen()
    play.platform.faults.use(FaultPlan.model_validate({"hang": SILENT}))
    await play.hear(play.reply(to, *texts))
    await until(lambda: bool(play.said(to)))
    return to


def echo(play: Inside, to: Contact) -> MessageEchoed:
    message = play.platform.world.post.answers[0]
    body = sealed_body(Receipt(msg_ids=(message.message_id,), text=message.text), to.oa_id)
    event: MessageEchoed = play.about(MessageEchoed, to, body=body)
    return event


async def test_an_echo_settles_a_doubt_where_the_conversation_is_not_told(play: Inside) -> None:
    to = await unanswered(play, "một")
    play.platform.faults.use(FaultPlan.model_validate({"errors": NOT_TOLD}))
    await play.hear(echo(play, to))
    assert await play.settled() == {"sent": 1}
    assert play.said(to) == ["một"]
    assert play.calls("/v2.0/oa/conversation") == 0


async def test_the_echo_of_an_earlier_message_with_the_same_words_proves_nothing(play: Inside) -> None:
    to = play.citizen()
    await play.hear(play.reply(to, "Mời bạn chọn"))
    await play.settled()
    await play.hear(echo(play, to))
    play.platform.faults.use(
        FaultPlan.model_validate({"errors": [{"code": -200, "rate": 1, "path": "/v3.0/oa/message/cs"}]})
    )
    await play.hear(play.reply(to, "Mời bạn chọn"))
    await until(lambda: play.calls() == 2)
    await play.db["deliveries"].update_many({"open": True}, {"$set": {"doubt": True}})
    play.platform.faults.use(FaultPlan())
    assert await play.settled() == {"sent": 2}
    assert play.said(to) == ["Mời bạn chọn"] * 2


async def test_where_nobody_tells_it_is_sent_again_and_marked(play: Inside) -> None:
    to = await unanswered(play, "một", "hai")
    play.platform.faults.use(FaultPlan.model_validate({"errors": [{**NOT_TOLD[0], "code": -9999}]}))
    assert await play.settled(40) == {"sent": 2}
    assert play.said(to) == ["một", "một", "hai"], "the one case in which a citizen may read a message twice"
    marked = await play.db["deliveries"].find({"resent": True}).to_list(None)
    assert [one["n"] for one in marked] == [0]


async def test_what_did_not_arrive_is_sent_after_the_time_in_which_it_still_may(play: Inside) -> None:
    to = play.citizen()
    play.platform.faults.use(FaultPlan.model_validate({"latency": {"min_ms": 1_200, "max_ms": 1_200}}))
    await play.hear(play.reply(to, "một"))
    await asyncio.sleep(1.05)  # Given up after one second; Zalo takes it a little later.
    play.platform.faults.use(FaultPlan())
    assert await play.settled() == {"sent": 1}
    assert play.said(to) == ["một"], "asked too early it was not there, and it was asked again"
