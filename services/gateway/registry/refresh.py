"""Keeps a replica's directory as the registry is: everything at the start, then every change, within a few seconds."""

import time
from dataclasses import dataclass
from datetime import datetime

import structlog

from chassis.crypto import DecryptionError, KeyRing, Place, UnknownKeyError
from chassis.jobs import Job, periodic
from chassis.mongo import Document
from services.gateway.metrics import ACCOUNTS, REGISTRY_AGE
from services.gateway.registry.cache import Account, App, RegistryCache
from services.gateway.store.accounts import Accounts

log = structlog.get_logger()


@dataclass(slots=True)
class RegistryRefresher:
    store: Accounts
    ring: KeyRing
    cache: RegistryCache
    _since: datetime | None = None
    _refreshed_at: float = 0.0

    def job(self, every_seconds: float) -> Job[None]:
        REGISTRY_AGE.set_function(lambda: time.monotonic() - self._refreshed_at if self._refreshed_at else 0.0)
        return periodic("refresh_registry", every_seconds, self.refresh)

    async def refresh(self) -> None:
        """Raises TransientError: what was read before holds until MongoDB is back."""
        changes = await self.store.changes(self._since)
        self.cache.update(
            [self._account(document) for document in changes.accounts],
            [self._app(document) for document in changes.apps],
        )
        self._since = changes.until
        self._refreshed_at = time.monotonic()
        ACCOUNTS.set(len(self.cache.accounts))

    def _account(self, document: Document) -> Account:
        secrets = self._open(document, self.store.place("accounts", document["_id"]))
        return Account(
            document["_id"], document.get("app", ""), document.get("name", ""), document.get("on", True), secrets
        )

    def _app(self, document: Document) -> App:
        return App(
            document["_id"],
            self._open(document, self.store.place("apps", document["_id"])),
            tuple(document.get("codes", ())),
        )

    def _open(self, document: Document, place: Place) -> tuple[bytes, ...]:
        """A secret sealed under a lost key is no secret; the others of the registry must still work."""
        opened = []
        for sealed in document.get("s", ()):
            try:
                opened.append(self.ring.open(sealed, place))
            except (DecryptionError, UnknownKeyError):
                log.warning("secret_does_not_open", remedy="rotate it: loa oa rotate")
        return tuple(opened)
