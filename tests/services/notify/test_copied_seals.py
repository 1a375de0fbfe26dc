"""Who can write to the log or the database, and has no key: notify sends nobody's words to anybody else."""

import pytest

from chassis.crypto import DecryptionError
from contracts.chatbot import ReplyChosen
from tests.services.notify.notify_app import NotifyApp

pytestmark = pytest.mark.live
CANARY = "hồ sơ thử nghiệm của người khác"


def chosen(notify: NotifyApp, text: str) -> ReplyChosen:
    reply = notify.reply(notify.citizen(), text)
    assert isinstance(reply, ReplyChosen)
    return reply


async def test_another_citizens_reply_copied_into_ones_own_does_not_open(notify: NotifyApp) -> None:
    theirs, own = chosen(notify, CANARY), chosen(notify, "của tôi")
    with pytest.raises(DecryptionError):
        await notify.handle(own.model_copy(update={"body": theirs.body}))
    assert await notify.count() == 0


async def test_an_address_of_another_conversation_is_refused(notify: NotifyApp) -> None:
    theirs, own = chosen(notify, CANARY), chosen(notify, "của tôi")
    await notify.handle(theirs.model_copy(update={"address": own.address}))
    assert await notify.settled() == {"failed": 1}
    assert notify.chats() == {}
    assert (await notify.stored_delivery())["why"] == "unreadable"
