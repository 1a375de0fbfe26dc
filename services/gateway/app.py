"""How the gateway is put together, with one HTTP port: the webhook beside the API, not behind it."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from chassis.audit import AuditLog
from chassis.auth import Auth
from chassis.crypto import KeyRing, Pepper
from chassis.http import create_app
from chassis.mongo import Database
from chassis.publisher import EventEncoder, Publisher
from chassis.used_tokens import MongoUsedTokens
from services.gateway.api.quarantine import quarantine_api
from services.gateway.api.registry import registry_api
from services.gateway.documented import add_webhook_docs
from services.gateway.durable_publisher import DurablePublisher, EventProducer
from services.gateway.erase import Eraser
from services.gateway.events import EventFactory
from services.gateway.group_commit import GroupCommit
from services.gateway.ingest import Ingest
from services.gateway.last_seen import LastSeen
from services.gateway.metrics import SKEW, prepare
from services.gateway.pages.routes import pages
from services.gateway.quarantine import Quarantine
from services.gateway.registry.cache import RegistryCache
from services.gateway.registry.refresh import RegistryRefresher
from services.gateway.registry.service import RegistryService
from services.gateway.settings import GatewaySettings
from services.gateway.store.accounts import Accounts
from services.gateway.store.quarantine import QuarantineStore
from services.gateway.store.spool import Spool
from services.gateway.webhook import PATH, Webhook

Scope = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gateway:
    """Everything that runs: `start` the background work, then serve it."""

    api: FastAPI
    webhook: Webhook
    group_commit: GroupCommit
    publisher: DurablePublisher
    refresher: RegistryRefresher
    last_seen: LastSeen
    quarantine: Quarantine
    eraser: Eraser

    async def __call__(self, scope: Scope, receive: Callable[[], Awaitable[Scope]], send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            await self.webhook(scope, receive, send)
        else:
            await self.api(scope, receive, send)

    def start(self, group: asyncio.TaskGroup) -> None:
        for job in (self.group_commit, self.refresher, self.last_seen, self.quarantine, self.eraser):
            group.create_task(job.run())
        group.create_task(self.publisher.watch())


def build(settings: GatewaySettings, db: Database, producer: EventProducer) -> Gateway:
    """Reads the key rings of SECRETS_DIR. Raises OSError or ValueError naming the file."""
    prepare()
    folder = settings.secrets_dir
    bodies, tokens = KeyRing.load(folder / "bodies.keys"), KeyRing.load(folder / "tokens.keys")
    pepper = Pepper.load(folder / "pepper")
    events = EventFactory(bodies, KeyRing.load(folder / "addresses.keys"), pepper)
    encoder = EventEncoder("gateway", settings.topic_prefix)
    spool, accounts = Spool(db, f"{socket.gethostname()[:32]}.{os.getpid()}"), Accounts(db)
    publisher = DurablePublisher(producer, spool, settings.say_seconds, settings.spool_seconds, settings.spool_limit)
    group_commit, registry = GroupCommit(publisher.publish, settings.queue_limit), RegistryCache()
    quarantine_store = QuarantineStore(db, settings.reject_days)
    quarantine = Quarantine(quarantine_store, bodies, events, settings.reject_limit, settings.spool_seconds)
    eraser = Eraser(spool, quarantine_store, group_commit, encoder)
    last_seen = LastSeen(accounts)
    ingest = Ingest(registry, events, group_commit, quarantine, last_seen, eraser, encoder)
    SKEW.set_function(lambda: ingest.skew_seconds)
    auth = Auth("gateway", folder, MongoUsedTokens(db))
    audit = AuditLog("gateway", pepper, Publisher("gateway", settings.topic_prefix, producer).publish)
    webhook_url = settings.public_url.rstrip("/") + PATH
    routers = [
        *registry_api(RegistryService(accounts, tokens), auth),
        quarantine_api(quarantine, ingest, auth, audit),
        pages(accounts, registry, webhook_url),
    ]
    api = add_webhook_docs(create_app("gateway", publisher.heartbeat.alive, {"durable": publisher.ready}, routers))
    refresher = RegistryRefresher(accounts, tokens, registry, settings.registry_seconds)
    webhook = Webhook(ingest, settings.body_limit, settings.body_seconds)
    return Gateway(api, webhook, group_commit, publisher, refresher, last_seen, quarantine, eraser)
