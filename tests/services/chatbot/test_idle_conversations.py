"""A conversation in which nobody writes any more is deleted after ninety days."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.mongo import Database
from services.chatbot.handle import ChatbotHandler
from tests.doubles import conversation, message_received
from tests.services.chatbot.conftest import POLICE
from tests.services.chatbot.handlers import batch

pytestmark = pytest.mark.live

NAME = conversation(oa_id=POLICE)


async def test_every_message_puts_the_end_off_and_the_database_deletes_what_nobody_put_off(
    handler: ChatbotHandler, db: Database
) -> None:
    await handler.conversations.prepare()
    indexes = await db.conversations.index_information()
    assert indexes["idle_since_1"]["expireAfterSeconds"] == 90 * 86_400
    for text in ("menu", "giờ làm việc"):
        before = datetime.now(UTC) - timedelta(milliseconds=1)
        await handler.handle(batch(message_received(text, oa_id=POLICE)))
        stored = await db.conversations.find_one({"_id": NAME})
        assert stored is not None
        assert stored["idle_since"] >= before


async def test_who_subscribed_to_news_stays_subscribed_however_long_they_are_silent(
    handler: ChatbotHandler, db: Database
) -> None:
    await handler.handle(batch(message_received("menu", oa_id=POLICE)))
    records = await handler.conversations.load({NAME: POLICE})
    records[NAME].update(records[NAME].state.evolve(subscriptions=("thong_bao",)))
    await handler.conversations.save(records.values())
    stored = await db.conversations.find_one({"_id": NAME})
    assert stored is not None
    assert stored["idle_since"] is None
