"""A citizen's answers come in the order in which they were chosen, however often the log repeats them."""

from tests.services.notify.notify_app import NotifyApp


async def test_a_reply_repeated_within_one_batch_is_not_sent_last(notify: NotifyApp) -> None:
    """A chatbot that met a stalled broker says its words again, and both copies stand in one batch."""
    to = notify.citizen()
    first, second, third = (notify.reply(to, text) for text in ("một", "hai", "ba"))
    await notify.handle(first, first, second, third)
    assert await notify.settled() == {"sent": 3}
    assert notify.texts_to(to) == ["một", "hai", "ba"]


async def test_what_an_earlier_attempt_inserted_is_sent_before_what_is_new(notify: NotifyApp) -> None:
    """The acknowledgement of the insert was lost, and the batch that is tried again has grown."""
    to = notify.citizen()
    replies = [notify.reply(to, str(number)) for number in range(6)]
    acceptor, submit = notify.service.handler.acceptor, notify.service.pipeline.dispatcher.submit
    object.__setattr__(acceptor.dispatcher, "submit", lambda *_, **__: None)
    await notify.handle(*replies[:3])
    object.__setattr__(acceptor.dispatcher, "submit", submit)
    await notify.handle(replies[0], *replies)
    assert await notify.settled() == {"sent": 6}
    assert notify.texts_to(to) == [str(number) for number in range(6)]
