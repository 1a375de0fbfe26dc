"""The gateway's parts joined, and its one HTTP door: the webhook beside the API, not behind it."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from chassis.blame import Transient
from chassis.door import door
from chassis.guard import guard
from chassis.mongo import Database
from chassis.sealing import Pepper, Ring
from services.gateway.documented import documented
from services.gateway.erasure import Erasure
from services.gateway.facts import Facts
from services.gateway.front import Front
from services.gateway.intake import Intake
from services.gateway.metrics import SKEW
from services.gateway.pages.routes import pages
from services.gateway.registry.api import registry_api
from services.gateway.registry.desk import Desk
from services.gateway.registry.directory import Directory
from services.gateway.registry.watcher import Watcher
from services.gateway.rejects import RejectRoom
from services.gateway.rejects_api import rejects_api
from services.gateway.settings import Settings
from services.gateway.sightings import Sightings
from services.gateway.store.accounts import Accounts
from services.gateway.store.rejects import Rejects
from services.gateway.store.spool import Spool
from services.gateway.way import Mouth, Way
from services.gateway.webhook import PATH, Webhook

Scope = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gateway:
    """Everything that runs: `start` what works behind the door, then serve it."""

    api: FastAPI
    webhook: Webhook
    front: Front
    way: Way
    watcher: Watcher
    sightings: Sightings
    rejects: RejectRoom
    erasure: Erasure

    async def __call__(self, scope: Scope, receive: Callable[[], Awaitable[Scope]], send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            await self.webhook(scope, receive, send)
        else:
            await self.api(scope, receive, send)

    def start(self, group: asyncio.TaskGroup) -> None:
        for part in (self.front, self.watcher, self.sightings, self.rejects, self.erasure):
            group.create_task(part.run())
        group.create_task(self.way.watch())


def build(settings: Settings, db: Database, mouth: Mouth) -> Gateway:
    """Reads the key rings of SECRETS_DIR. Raises OSError or ValueError naming the file."""
    folder = settings.secrets_dir
    bodies, tokens = Ring.load(folder / "bodies.keys"), Ring.load(folder / "tokens.keys")
    facts = Facts(bodies, Ring.load(folder / "addresses.keys"), Pepper.load(folder / "pepper"))
    spool, accounts = Spool(db, f"{socket.gethostname()[:32]}.{os.getpid()}"), Accounts(db)
    way = Way(mouth, spool, settings.say_seconds, settings.spool_seconds, settings.spool_limit)
    front, directory = Front(way.durable, settings.queue_limit), Directory()
    store = Rejects(db, settings.reject_days)
    rejects = RejectRoom(store, bodies, facts, settings.reject_limit, settings.spool_seconds)
    erasure = Erasure(spool, store, front, settings.topic_prefix)
    sightings = Sightings(accounts)
    intake = Intake(directory, facts, front, rejects, sightings, erasure, settings.topic_prefix)
    SKEW.set_function(lambda: intake.skew_seconds)
    keeper = guard(folder, "gateway-api-token")
    webhook_url = settings.public_url.rstrip("/") + PATH
    routers = [
        *registry_api(Desk(accounts, tokens), keeper),
        rejects_api(rejects, intake, keeper),
        pages(accounts, directory, webhook_url),
    ]
    api = documented(door("gateway", way.pulse.alive, {"durable": way.ready}, routers))
    api.add_exception_handler(Transient, _away)
    watcher = Watcher(accounts, tokens, directory, settings.registry_seconds)
    webhook = Webhook(intake, settings.body_limit, settings.body_seconds)
    return Gateway(api, webhook, front, way, watcher, sightings, rejects, erasure)


async def _away(_: Request, fault: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(fault)}, 503)
