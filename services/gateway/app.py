"""How the gateway is put together: the webhook beside the public pages, not behind them."""

import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from chassis.audit import AuditLog
from chassis.crypto import KeyRing, Pepper
from chassis.service import Resources, Service
from services.gateway.api.quarantine import quarantine_api
from services.gateway.api.registry import registry_api
from services.gateway.durable_publisher import DurablePublisher
from services.gateway.erase import Eraser
from services.gateway.events import EventFactory
from services.gateway.group_commit import GroupCommit
from services.gateway.ingest import Ingest
from services.gateway.last_seen import LastSeen
from services.gateway.metrics import SKEW, prepare
from services.gateway.pages.routes import pages
from services.gateway.quarantine import Quarantine
from services.gateway.readers import load_readers
from services.gateway.registry.cache import RegistryCache
from services.gateway.registry.refresh import RegistryRefresher
from services.gateway.registry.service import RegistryService
from services.gateway.settings import GatewaySettings
from services.gateway.spool_watch import SpoolWatch
from services.gateway.store.accounts import Accounts
from services.gateway.store.erasures import Erasures
from services.gateway.store.quarantine import QuarantineStore
from services.gateway.store.spool import Spool
from services.gateway.tables import Tables
from services.gateway.webhook import PATH, Webhook, is_webhook

Scope = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gateway:
    """What everybody is served: the webhook beside the pages."""

    pages: FastAPI
    webhook: Webhook

    async def __call__(self, scope: Scope, receive: Callable[[], Awaitable[Scope]], send: Any) -> None:
        if scope["type"] == "http" and is_webhook(scope["path"]):
            await self.webhook(scope, receive, send)
        else:
            await self.pages(scope, receive, send)


@asynccontextmanager
async def build(resources: Resources[GatewaySettings]) -> AsyncIterator[Service]:
    """Reads the key rings of SECRETS_DIR. Raises OSError or ValueError naming the file."""
    prepare()
    settings, db, folder = resources.settings, resources.db, resources.settings.secrets_dir
    bodies, tokens = KeyRing.load(folder / "bodies.keys"), KeyRing.load(folder / "tokens.keys")
    pepper, encoder = Pepper.load(folder / "pepper"), resources.publisher.encoder
    tables = Tables(settings, load_readers(folder, resources.clock))
    events = EventFactory(bodies, KeyRing.load(folder / "addresses.keys"), pepper, tables.readers)
    spool, accounts = Spool(db, f"{socket.gethostname()[:32]}.{os.getpid()}"), Accounts(db)
    watch = SpoolWatch(spool, settings.spool_seconds, settings.spool_limit)
    publisher = DurablePublisher(resources.producer, watch, settings.say_seconds)
    group_commit, registry = GroupCommit(publisher.publish, settings.queue_limit, watch.fresh_seconds), RegistryCache()
    quarantine_store, erasures = QuarantineStore(db, settings.reject_days), Erasures(db, settings.reject_days)
    quarantine = Quarantine(quarantine_store, bodies, events, settings.reject_limit, settings.spool_seconds)
    eraser, last_seen = Eraser(spool, quarantine_store, group_commit, encoder, erasures), LastSeen(accounts)
    ingest = Ingest(registry, events, group_commit, quarantine, last_seen, eraser, encoder, tables.floors)
    webhook = Webhook(ingest, settings.body_limit, settings.body_seconds)
    SKEW.set_function(lambda: ingest.skew_seconds)
    refresher = RegistryRefresher(accounts, tokens, registry)
    yield Service(
        routers=[
            *registry_api(RegistryService(accounts, tokens), resources.auth),
            quarantine_api(
                quarantine, ingest, resources.auth, AuditLog("gateway", pepper, resources.publisher.publish)
            ),
            pages(accounts, registry, settings.public_url.rstrip("/") + PATH),
        ],
        jobs=[
            publisher.job(),
            refresher.job(settings.registry_seconds),
            last_seen.job(),
            quarantine.job(),
            eraser.job(),
            *tables.jobs(publisher),
        ],
        stores=[accounts, spool, quarantine_store, erasures],
        queues=[group_commit.run, *tables.queues()],
        checks={"durable": publisher.ready, "registry": registry.ready, "floors": tables.ready},
        wrap=lambda pages: Gateway(pages, webhook),
    )
