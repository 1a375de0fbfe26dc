"""Keeps a replica's directory as the registry is: everything at the start, then every change, within a few seconds."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime

import structlog

from chassis.blame import Transient
from chassis.mongo import Document
from chassis.sealing import NotOurs, Ring
from services.gateway.metrics import ACCOUNTS, REGISTRY_AGE
from services.gateway.registry.directory import Account, App, Directory
from services.gateway.store.accounts import Accounts

log = structlog.get_logger()

SECRET = "oa secret key"  # noqa: S105 — the purpose a secret is sealed for, not a secret.


@dataclass(slots=True)
class Watcher:
    store: Accounts
    ring: Ring
    directory: Directory
    every_seconds: float
    _since: datetime | None = None
    _prepared: bool = False
    _seen_at: float = 0.0

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except Transient as fault:
                log.warning("registry_not_seen", why=str(fault))  # What we knew holds until it is back.
            if self._seen_at:
                REGISTRY_AGE.set(time.monotonic() - self._seen_at)
            await asyncio.sleep(self.every_seconds)

    async def look(self) -> None:
        """Raises Transient."""
        if not self._prepared:
            await self.store.prepare()
            self._prepared = True
        changes = await self.store.changes(self._since)
        self.directory.learn([self._account(one) for one in changes.accounts], [self._app(one) for one in changes.apps])
        self._since = changes.until
        self._seen_at = time.monotonic()
        ACCOUNTS.set(len(self.directory.accounts))

    def _account(self, found: Document) -> Account:
        secrets = self._open(found, found["_id"])
        return Account(found["_id"], found.get("app", ""), found.get("name", ""), found.get("on", True), secrets)

    def _app(self, found: Document) -> App:
        return App(found["_id"], self._open(found, found["_id"]), tuple(found.get("codes", ())))

    def _open(self, found: Document, owner: str) -> tuple[bytes, ...]:
        """A secret sealed under a lost key is no secret; the others of the registry must still work."""
        opened = []
        for sealed in found.get("s", ()):
            try:
                opened.append(self.ring.open(sealed, owner, SECRET))
            except NotOurs:
                log.warning("secret_does_not_open", remedy="rotate it: loa oa rotate")
        return tuple(opened)
