"""A citizen withdraws: erased once, in its place among their messages."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chassis.mongo import Database
from contracts.chatbot import ChatbotForgot
from contracts.gateway import CitizenWithdrew
from services.chatbot.dialogue.state import Conversation
from services.chatbot.features.officer.store import OfficerQueue
from services.chatbot.handle import ChatbotHandler
from tests.doubles import BODIES, NOON, conversation, make_event, message_received, sealed_address
from tests.services.chatbot.conftest import POLICE
from tests.services.chatbot.handlers import batch

pytestmark = pytest.mark.live


def withdrew(at: datetime = NOON) -> CitizenWithdrew:
    return make_event(CitizenWithdrew, name=f"{at}", oa_id=POLICE, at=at, address=sealed_address(oa_id=POLICE))


async def state_of(handler: ChatbotHandler) -> Conversation:
    name = conversation(oa_id=POLICE)
    return (await handler.conversations.load({name: POLICE}))[name].state


async def test_who_withdraws_is_forgotten_and_that_is_said(handler: ChatbotHandler) -> None:
    await handler.handle(batch(message_received("menu", oa_id=POLICE)))
    events = await handler.handle(batch(withdrew()))
    assert [type(event) for event in events] == [ChatbotForgot]
    assert await state_of(handler) == Conversation()


async def test_a_withdrawal_delivered_again_erases_nothing_of_what_the_citizen_did_since(
    handler: ChatbotHandler,
) -> None:
    erased: list[str] = []

    async def erase(name: str) -> None:
        erased.append(name)

    handler = replace(handler, erasers=(erase,))
    await handler.handle(batch(withdrew()))
    await handler.handle(batch(message_received("làm hộ chiếu", oa_id=POLICE, at=NOON + timedelta(minutes=5))))
    since = await state_of(handler)
    await handler.handle(batch(withdrew()))
    assert await state_of(handler) == since != Conversation()
    assert len(erased) == 1


async def test_a_withdrawal_erases_in_its_place_among_the_citizens_messages(
    handler: ChatbotHandler, db: Database
) -> None:
    queue, late = OfficerQueue(db.queue, BODIES), NOON + timedelta(hours=2)
    handler = replace(handler, erasers=(queue.forget,))
    asks_before = message_received("gặp cán bộ", oa_id=POLICE, at=late)
    asks_after = message_received("gặp cán bộ", oa_id=POLICE, at=late + timedelta(minutes=1))
    await handler.handle(batch(asks_before, withdrew(late)))
    assert await db.queue.count_documents({}) == 0
    await handler.handle(batch(message_received("menu", oa_id=POLICE, at=late), withdrew(late), asks_after))
    assert await db.queue.count_documents({}) == 1
