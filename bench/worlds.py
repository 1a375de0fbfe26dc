"""Chatbots with worlds of a chosen size around them: conversations in the database, OAs and procedures in the content.

They live in the bench's own process and side by side, so that a busy moment of the machine touches the small and the large.
"""

import re
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid5

from bench.ground import Ground
from bench.pipeline import NAMESPACE
from chassis.headers import utter
from chassis.mongo import Database, Document, database
from chassis.sealing import Pepper, Ring
from chassis.types import Heard, Record
from contracts.gateway import MessageReceived
from contracts.message import Address, Kind, Spoken
from services.chatbot.content.content import Content
from services.chatbot.content.shelf import Shelf
from services.chatbot.drive import Driver
from services.chatbot.flows.table import FLOWS
from services.chatbot.handle import Chatbot
from services.chatbot.lookups.sources import outside
from services.chatbot.lookups.understanding import Minds
from services.chatbot.profile import Profiles
from services.chatbot.settings import ChatbotSettings
from services.chatbot.voice import Voice
from services.chatbot.wiring import wire

BATCH = 500
SHIPPED, UNDERSTANDING = Path("content"), Path(".loa/understanding")
Who = Callable[[int], tuple[str, str, str]]  # The nth message's (OA, user, text).


@dataclass
class World:
    """One chatbot with its database, and whom it hears."""

    chatbot: Chatbot
    db: Database
    bodies: Ring
    addresses: Ring
    pepper: Pepper
    who: Who
    heard: int = 0

    async def hears(self, batches: int) -> float:
        """CPU-milliseconds per message, of the chatbot and its part of the log; messages are made outside the clock."""
        made = [[self._message(*self.who(nth), nth) for nth in self._next()] for _ in range(batches)]
        before = time.process_time()
        for batch in made:
            for fact in await self.chatbot.on_batch(batch):
                utter(fact, "chatbot")
        return (time.process_time() - before) * 1e3 / (batches * BATCH)

    async def remembers(self, like: Document, names: Callable[[int], tuple[str, str]], count: int) -> None:
        """As many conversations as that, those not yet there as copies of a real one: `names` gives each its (OA, user)."""
        there = {found["_id"] async for found in self.db.conversations.find({}, {"_id": 1})}
        new = [name for nth in range(count) if (name := self.pepper.pseudonym(*names(nth))) not in there]
        for start in range(0, len(new), 5_000):
            copies = [{**like, "_id": name} for name in new[start : start + 5_000]]
            await self.db.conversations.insert_many(copies, ordered=False)

    def _next(self) -> range:
        self.heard += BATCH
        return range(self.heard - BATCH, self.heard)

    def _message(self, oa_id: str, user: str, text: str, nth: int) -> Heard:
        conversation = self.pepper.pseudonym(oa_id, user)
        event = MessageReceived(
            id=uuid5(NAMESPACE, f"growth-{conversation}-{nth}"),
            occurred_at=datetime.now(UTC),
            conversation=conversation,
            oa_id=oa_id,
            kind=Kind.TEXT,
            body=self.bodies.seal(Spoken(text=text, msg_id=str(nth)).model_dump_json().encode(), oa_id, "body"),
            address=self.addresses.seal(
                Address(oa_id=oa_id, user_id=user).model_dump_json().encode(), oa_id, "address"
            ),
        )
        said = utter(event, "gateway")
        return Heard(Record(said.topic, 0, nth, said.key, said.value, said.headers), event)


@asynccontextmanager
async def world(ground: Ground, name: str, content: Path, who: Who) -> AsyncIterator[World]:
    secrets = ground.home / "house-secrets"
    bodies, addresses = Ring.load(secrets / "bodies.keys"), Ring.load(secrets / "addresses.keys")
    minds = Minds(SHIPPED, UNDERSTANDING)
    shelf = Shelf(Content.load(content), None, minds.prepare)
    async with database(ground.mongo.url, f"growth_{name}") as db, outside(ChatbotSettings.read({})) as beyond:
        wired = await wire(db, bodies, Pepper.load(secrets / "chatbot-pepper"), minds, beyond)
        profiles, voice = Profiles(shelf, "e_government"), Voice(bodies, "http://files")
        chatbot = Chatbot(wired.conversations, profiles, lambda: Driver(wired.ports), FLOWS, bodies, voice)
        yield World(chatbot, db, bodies, addresses, Pepper.load(secrets / "pepper"), who)
        await db.client.drop_database(f"growth_{name}")


def with_oas(folder: Path, count: int) -> Path:
    """The shipped content with as many OAs, each of a ward's police."""
    shutil.copytree(SHIPPED, folder)
    told = '- {{oa_id: "{id}", name: "OA thử {nth}", kind: police_ward, app_id: "1000000000000000001", pack: police_ward}}\n'
    (folder / "oas.yaml").write_text("".join(told.format(id=oa(nth), nth=nth) for nth in range(count)))
    return folder


def with_procedures(folder: Path, count: int) -> tuple[Path, list[str]]:
    """The shipped content, filled up to as many procedures with copies of shipped ones; and all their keys."""
    shutil.copytree(SHIPPED, folder)
    shipped = sorted((SHIPPED / "procedures").glob("*.yaml"))
    keys = [path.stem for path in shipped]
    for nth in range(count - len(shipped)):
        key = f"tt_thu_{nth}"
        text = shipped[nth % len(shipped)].read_text()
        renamed = {"key": key, "name": f"Thủ tục thử số {nth}", "short": f"Thử {nth}", "codes": "[]"}
        for field, value in renamed.items():
            text = re.sub(rf"^{field}: .*$", f"{field}: {value}", text, count=1, flags=re.MULTILINE)
        (folder / "procedures" / f"{key}.yaml").write_text(text)
        keys.append(key)
    return folder, keys


def oa(nth: int) -> str:
    return f"42{nth:017d}"
