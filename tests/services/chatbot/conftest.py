"""The content that ships, loaded once; and who talks about it."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.mongo import Database, database
from loa.talk.player import Chat
from services.chatbot.content.content import Content
from services.chatbot.features.flows import FLOWS
from services.chatbot.features.officer.effects import JoinQueue
from services.chatbot.handle import ChatbotHandler
from tests.services.chatbot.chat_player import MONDAY_AT_NINE, first_in_queue
from tests.services.chatbot.handlers import FixedUnderstanding, handler_over

POLICE = "4100000000000000012"
PUBLIC_SERVICE = "4100000000000000201"
E_GOVERNMENT = "4100000000000000301"


@pytest.fixture(scope="session")
def content() -> Content:
    return Content.load(Path("content"))


@pytest.fixture
def chat(content: Content) -> Chat:
    """A citizen with the district's police."""
    return Chat(content, FLOWS, POLICE, MONDAY_AT_NINE, {JoinQueue: first_in_queue})


@pytest.fixture
def chat_province(content: Content) -> Chat:
    """A citizen with the province's e-government OA."""
    return Chat(content, FLOWS, E_GOVERNMENT, MONDAY_AT_NINE, {JoinQueue: first_in_queue})


@pytest.fixture
def chat_portal(content: Content) -> Chat:
    """A citizen with the province's public-service portal."""
    return Chat(content, FLOWS, PUBLIC_SERVICE, MONDAY_AT_NINE, {JoinQueue: first_in_queue})


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    name = f"chatbot_{uuid4().hex[:8]}"
    async with database(mongo_url, name) as mongo_db:
        yield mongo_db
        await mongo_db.client.drop_database(name)


@pytest.fixture
def understanding() -> FixedUnderstanding:
    return FixedUnderstanding([])


@pytest.fixture
def handler(db: Database, content: Content, understanding: FixedUnderstanding) -> ChatbotHandler:
    return handler_over(db, content, understanding)
