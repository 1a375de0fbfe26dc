"""What is kept and for how long, of every collection of every service: MongoDB itself removes what was promised to go."""

import importlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from chassis.auth import Auth
from chassis.kafka import KafkaProducer
from chassis.mongo import Database, database
from chassis.parked import ParkedStore
from chassis.publisher import Publisher
from chassis.service import Resources, Store, prepare
from chassis.used_tokens import MongoUsedTokens
from contracts.catalogue import SERVICES
from loa.runtime import secrets
from loa.testkit.servers import LiveMongo
from services.chatbot.content.content import Content
from tests.console import UsedInMemory
from tests.loa.setting_names import settings_of
from tests.services.chatbot.chatbot_app import ChatbotApp, no_remote_systems
from tests.services.chatbot.content.content_files import write

DAY = 86_400
AT_ITS_TIME = 0  # The document says when.

# By collection: the field with the time, and the seconds after it at which MongoDB removes the document.
OF_EVERY_SERVICE = {"used_acting_tokens": ("until", AT_ITS_TIME), "parked": ("redriven_at", 7 * DAY)}
EXPIRES: Mapping[str, Mapping[str, tuple[str, int]]] = {
    "gateway": {"rejects": ("at", 14 * DAY), "erasures": ("at", 14 * DAY)},
    "chatbot": {
        "conversations": ("gone", 7 * DAY),
        "attempts": ("at", 7_200),
        "last_known": ("at", DAY),
        "grants": ("expires", AT_ITS_TIME),
        "papers": ("expires", AT_ITS_TIME),
        "paper_chunks": ("expires", AT_ITS_TIME),
        "proofs": ("at", 180 * DAY),
        "quotas": ("expires", AT_ITS_TIME),
    },
    "tips": {"conversations": ("gone", 7 * DAY), "quotas": ("expires", AT_ITS_TIME)},
    "notify": dict.fromkeys(
        ("deliveries", "early", "echoes", "oauth", "oauth_links", "uploads", "windows"), ("exp", AT_ITS_TIME)
    ),
    "auditor": {},
}
# What MongoDB does not remove, and what ends it instead.
KEPT: Mapping[str, Mapping[str, str]] = {
    "gateway": {
        "accounts": "an OA's registration is an operator's to end",
        "apps": "an app's registration is an operator's to end",
        "leases": "one document: who drains the spool",
        "spool": "until the broker has it; erased with a citizen who withdraws",
    },
    "chatbot": {
        "bells": "until it has rung",
        "dossiers": "until the office's next edition",
        "dossier_history": "as long as the dossier",
        "dossier_notices": "until they are sent",
        "dossier_pending": "until it is published",
        "queue": "until an officer has answered",
        "seats": "an office's calendar",
        "surveys": "what statistics count",
        "transit_keys": "until what it seals is read, or for 72 hours",
        "waiting": "until there is a seat, or the citizen withdraws",
        "watchers": "until the citizen unsubscribes",
    },
    "tips": {
        "cases": "as long as the law demands",
        "chunks": "as long as the case",
        "media": "as long as the case",
        "pieces": "as long as the case",
        "transit_keys": "until what it seals is read, or for 72 hours",
        "reporters": "until the reporter withdraws",
    },
    "notify": {"tokens": "an OA's authorisation"},
    "auditor": {"entries": "the chain is kept for ever"},
}


@asynccontextmanager
async def prepared(mongo: LiveMongo, service: str, folder: Path) -> AsyncIterator[Database]:
    """The service's database, once everything that it stores into has made its indexes."""
    async with database(mongo.url, f"expiry_{service}_{uuid4().hex[:6]}") as db:
        await prepare([MongoUsedTokens(db), ParkedStore(db)])
        async with no_remote_systems() as systems:
            if service == "chatbot":  # Without its understanding, which takes its time and stores nothing.
                await ChatbotApp.open(db, Content.load(write(folder.parent / "content")), systems)
            else:
                await prepare(await stores(service, db, folder))
        yield db
        await db.client.drop_database(db.name)


async def stores(service: str, db: Database, folder: Path) -> Sequence[Store]:
    own = {"checkpoints_path": folder.parent / "checkpoints"} if service == "auditor" else {}
    settings, producer = settings_of(service)(secrets_dir=folder, **own), KafkaProducer("127.0.0.1:1")  # Never asked.
    auth = Auth(service, folder, UsedInMemory())
    resources: Resources[Any] = Resources(settings, db, producer, Publisher(service, "", producer), auth)
    async with importlib.import_module(f"services.{service}.app").build(resources) as made:
        return list(made.stores)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("expiry") / "secrets"
    secrets.generate(made)
    secrets.make_demo_reader(made)
    return made


@pytest.mark.parametrize("service", SERVICES)
async def test_every_collection_expires_or_says_why_not(mongo: LiveMongo, service: str, folder: Path) -> None:
    async with prepared(mongo, service, folder) as db:
        found = {name: await expiry_of(db, name) for name in await db.list_collection_names()}
    expires = {**OF_EVERY_SERVICE, **EXPIRES[service]}
    assert {name: expiry for name, expiry in found.items() if expiry} == expires
    unexplained = found.keys() - expires.keys() - KEPT[service].keys()
    assert not unexplained, "say in this file how long it is kept, or why for ever"


async def expiry_of(db: Database, collection: str) -> tuple[str, int] | None:
    """The field and the seconds of its index that expires."""
    async for index in db[collection].list_indexes():
        if "expireAfterSeconds" in index:
            return next(iter(index["key"])), index["expireAfterSeconds"]
    return None
