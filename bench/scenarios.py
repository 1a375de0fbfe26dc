"""Chatbots with worlds of a chosen size around them: conversations in the database, OAs and procedures in the content.

They live in the bench's own process and side by side, so that a busy moment of the machine touches the small and the large.
"""

import re
import shutil
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid5

from bench.environment import Environment
from bench.pipeline import NAMESPACE
from chassis.audit import AuditLog
from chassis.auth import Auth
from chassis.crypto import KeyRing, Pepper, Place
from chassis.mongo import Database, Document, database
from chassis.publisher import EventEncoder
from chassis.records import ReceivedEvent, Record
from chassis.service import prepare
from chassis.used_tokens import MongoUsedTokens
from contracts.event import Event
from contracts.gateway import MessageReceived
from contracts.message import Address, InboundMessage, Kind
from services.chatbot.app import join
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.features.feature import Deps
from services.chatbot.handle import ChatbotHandler
from services.chatbot.lookups.systems import open_systems
from services.chatbot.nlu.registry import ModelRegistry
from services.chatbot.settings import ChatbotSettings

BATCH = 500
SHIPPED, UNDERSTANDING = Path("content"), Path(".loa/understanding")
MessageSource = Callable[[int], tuple[str, str, str]]  # The nth message's (OA, user, text).


@dataclass
class Scenario:
    """One chatbot with its database, and its citizens."""

    chatbot: ChatbotHandler
    db: Database
    bodies: KeyRing
    addresses: KeyRing
    pepper: Pepper
    source: MessageSource
    handled: int = 0

    async def handle_batches(self, batches: int) -> float:
        """CPU-milliseconds per message, of the chatbot and its part of the log; messages are made outside the clock."""
        batches_made = [
            [self._message(*self.source(number), number) for number in self._next()] for _ in range(batches)
        ]
        encoder, before = EventEncoder("chatbot"), time.process_time()
        for batch in batches_made:
            for event in await self.chatbot.handle(batch):
                encoder.encode(event)
        return (time.process_time() - before) * 1e3 / (batches * BATCH)

    async def fill_conversations(
        self, template: Document, citizens: Callable[[int], tuple[str, str]], count: int
    ) -> None:
        """Fill the database up to that many conversations with copies of a real one: `names` returns the (OA, user) of each."""
        existing = {document["_id"] async for document in self.db.conversations.find({}, {"_id": 1})}
        new = [name for number in range(count) if (name := self.pepper.pseudonym(*citizens(number))) not in existing]
        for start in range(0, len(new), 5_000):
            copies = [{**template, "_id": name} for name in new[start : start + 5_000]]
            await self.db.conversations.insert_many(copies, ordered=False)

    def _next(self) -> range:
        self.handled += BATCH
        return range(self.handled - BATCH, self.handled)

    def _message(self, oa_id: str, user: str, text: str, number: int) -> ReceivedEvent:
        conversation = self.pepper.pseudonym(oa_id, user)
        event_id = uuid5(NAMESPACE, f"growth-{conversation}-{number}")
        words = InboundMessage(text=text, msg_id=str(number)).model_dump_json().encode()
        address = Address(oa_id=oa_id, user_id=user).model_dump_json().encode()
        event = MessageReceived(
            id=event_id,
            occurred_at=datetime.now(UTC),
            conversation=conversation,
            oa_id=oa_id,
            kind=Kind.TEXT,
            body=self.bodies.seal(words, Place.body(oa_id, conversation, event_id)),
            address=self.addresses.seal(address, Place.address(oa_id, conversation)),
        )
        record = EventEncoder("gateway").encode(event)
        return ReceivedEvent(Record(record.topic, 0, number, record.key, record.value, record.headers), event)


async def _not_published(_: Sequence[Event]) -> None:
    """Nobody reads anything over the API here."""


@asynccontextmanager
async def scenario(
    environment: Environment, name: str, content: Path, source: MessageSource
) -> AsyncIterator[Scenario]:
    secrets = environment.home / "service-secrets"
    bodies, addresses = KeyRing.load(secrets / "bodies.keys"), KeyRing.load(secrets / "addresses.keys")
    models = ModelRegistry(UNDERSTANDING)
    editions = ContentEditions(Content.load(content), None, models.prepare)
    async with (
        database(environment.mongo.url, f"growth_{name}") as db,
        open_systems(ChatbotSettings.read({})) as remote_systems,
    ):
        pepper = Pepper.load(secrets / "chatbot-pepper")
        deps = Deps.over(
            db,
            ring=bodies,
            pepper=pepper,
            editions=editions,
            systems=remote_systems,
            auth=Auth("chatbot", secrets, MongoUsedTokens(db)),
            audit=AuditLog("chatbot", pepper, _not_published),
            clock=lambda: datetime.now(UTC),
        )
        chatbot = join(deps, models, ChatbotSettings.read({}))
        await prepare(chatbot.stores(deps))
        yield Scenario(chatbot.handler, db, bodies, addresses, Pepper.load(secrets / "pepper"), source)
        await db.client.drop_database(f"growth_{name}")


def with_oas(folder: Path, count: int) -> Path:
    """The shipped content with as many OAs, each of a ward's police."""
    shutil.copytree(SHIPPED, folder)
    entry = '- {{oa_id: "{id}", name: "OA thử {nth}", kind: police_ward, app_id: "1000000000000000001", pack: police_ward}}\n'
    (folder / "oas.yaml").write_text("".join(entry.format(id=oa(number), nth=number) for number in range(count)))
    return folder


def with_procedures(folder: Path, count: int) -> tuple[Path, list[str]]:
    """The shipped content, filled up to as many procedures with copies of shipped ones; and all their keys."""
    shutil.copytree(SHIPPED, folder)
    shipped = sorted((SHIPPED / "procedures").glob("*.yaml"))
    keys = [path.stem for path in shipped]
    for number in range(count - len(shipped)):
        key = f"tt_thu_{number}"
        text = shipped[number % len(shipped)].read_text()
        renamed = {"key": key, "name": f"Thủ tục thử số {number}", "short": f"Thử {number}", "codes": "[]"}
        for field, value in renamed.items():
            text = re.sub(rf"^{field}: .*$", f"{field}: {value}", text, count=1, flags=re.MULTILINE)
        (folder / "procedures" / f"{key}.yaml").write_text(text)
        keys.append(key)
    return folder, keys


def oa(number: int) -> str:
    return f"42{number:017d}"
