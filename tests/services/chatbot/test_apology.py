"""Whoever wrote what could not be handled reads a sentence, unless somebody else answers them."""

from datetime import timedelta

import pytest

from chassis.mongo import Database
from chassis.self_test import conversation_about_nothing
from contracts.chatbot import ReplyChosen
from contracts.floor import Floor, Holder
from contracts.gateway import MessageReceived
from loa.talk.player import Chat
from services.chatbot.dialogue.state import Conversation, OfficerSession
from services.chatbot.handle import KNOWN_GOOD, ChatbotHandler
from services.chatbot.replies.apology import apology
from tests.doubles import BODIES, NOON, followed, message_received, opened_outbound
from tests.services.chatbot.conftest import POLICE
from tests.services.chatbot.handlers import batch
from tests.services.chatbot.replies.test_procedures import context_for

LATER = NOON + timedelta(hours=1)
TIPS_HAS_IT = Floor(Holder.TIPS, NOON)


@pytest.mark.parametrize(
    ("state", "text", "ours"),
    [
        (Conversation(), "①", True),
        (Conversation(), "#tinbao", False),
        (Conversation(floor=TIPS_HAS_IT), "có trộm", False),
        (Conversation(human=OfficerSession(since=NOON, until=LATER)), "dạ", False),
        (Conversation(human=OfficerSession(since=NOON, until=NOON)), "dạ", True),
    ],
)
def test_the_chatbot_apologises_where_it_would_have_answered(
    chat: Chat, state: Conversation, text: str, ours: bool
) -> None:
    decision = apology(state, text, NOON, context_for(chat, chat.oa_id))
    assert (decision is not None) is ours


async def test_the_sentence_has_an_id_that_no_answer_has_so_a_redriven_message_is_still_answered(
    handler: ChatbotHandler,
) -> None:
    message = message_received("làm hộ chiếu", oa_id=POLICE)
    (sorry,) = await handler.apologise(message)
    assert [event.id for event in await handler.apologise(message)] == [sorry.id]
    assert isinstance(sorry, ReplyChosen)
    assert sorry.outcome == "failed"
    assert "Xin lỗi ông/bà" in opened_outbound(sorry).parts[0].text
    answers = await handler.handle(batch(message))
    assert {event.id for event in answers}.isdisjoint({sorry.id})


async def test_what_does_not_open_is_apologised_for_as_well_and_what_nobody_wrote_is_not(
    handler: ChatbotHandler, db: Database
) -> None:
    message = message_received("menu", oa_id=POLICE)
    await handler.handle(batch(message))
    await db.conversations.update_one({}, {"$set": {"s": "k1.AAAA"}})
    broken: MessageReceived = message.model_copy(update={"body": "k1.AAAA"})
    assert [event.caused_by for event in await handler.apologise(broken)] == [message.id]
    assert list(await handler.apologise(followed(oa_id=POLICE))) == []


async def test_the_self_test_is_handled_and_leaves_nothing_that_lasts(handler: ChatbotHandler, db: Database) -> None:
    events = await handler.handle(batch(*conversation_about_nothing(BODIES, KNOWN_GOOD)))
    assert [event.type for event in events] == ["reply.chosen.v1", "reply.chosen.v1", "chatbot.forgot.v1"]
    (conversation,) = await db.conversations.find({}).to_list(None)
    assert conversation["gone"], "the database deletes it by itself"
