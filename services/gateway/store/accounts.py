"""`gateway.accounts` and `gateway.apps`: the registry, secrets sealed, every change stamped with the server's own clock.

Account: `{_id: oa_id, app, name, kind, pack, on, s: [sealed], seen: {event: when}, refused: when, changed: when}`.
App: `{_id: app_id, s: [sealed], codes: [text], tested: when, changed: when}`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo import UpdateOne

from chassis.crypto import Place
from chassis.mongo import Collection, Database, Document, bulk_write, full_name
from services.gateway.store.bounded import within

_TIMEOUT_SECONDS = 4.0
_OVERLAP = timedelta(seconds=10)  # A change is stamped when its write begins, and seen when it ends.
_PAGE_MOST = 500


@dataclass(frozen=True, slots=True)
class Changes:
    accounts: Sequence[Document]
    apps: Sequence[Document]
    until: datetime | None  # Ask from here the next time.


@dataclass(frozen=True, slots=True)
class Accounts:
    db: Database

    async def prepare(self) -> None:
        async with within(_TIMEOUT_SECONDS):
            for name in ("accounts", "apps"):
                await self.db[name].create_index("changed")

    async def changes(self, since: datetime | None) -> Changes:
        """What changed since; everything at first. Raises TransientError."""
        query: Document = {"changed": {"$gt": since - _OVERLAP}} if since else {}
        async with within(_TIMEOUT_SECONDS):
            accounts = await self.db["accounts"].find(query, {"seen": 0}).to_list(None)
            apps = await self.db["apps"].find(query).to_list(None)
        stamps = [document["changed"] for document in (*accounts, *apps)]
        return Changes(accounts, apps, max(stamps, default=since))

    async def put(self, collection: str, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """Add or change; fields not given stay. One write for all. Raises TransientError."""
        writes = [
            UpdateOne({"_id": key}, [{"$set": {**_literal(fields), "changed": "$$NOW"}}], upsert=True)
            for key, fields in documents.items()
        ]
        async with within(_TIMEOUT_SECONDS):
            await bulk_write(self._of(collection), writes)

    async def rotate(self, collection: str, key: str, sealed: str, most: int) -> bool:
        """The new secret in front, the oldest out. False when there is no such account or app."""
        secrets = {"$slice": [{"$concatArrays": [[{"$literal": sealed}], {"$ifNull": ["$s", []]}]}, most]}
        async with within(_TIMEOUT_SECONDS):
            result = await self._of(collection).update_one({"_id": key}, [{"$set": {"s": secrets, "changed": "$$NOW"}}])
        return bool(result.matched_count)

    async def only_newest(self, collection: str, key: str) -> bool:
        """End a rotation: the secret before the newest is dead from now on."""
        async with within(_TIMEOUT_SECONDS):
            result = await self._of(collection).update_one(
                {"_id": key}, [{"$set": {"s": {"$slice": [{"$ifNull": ["$s", []]}, 1]}, "changed": "$$NOW"}}]
            )
        return bool(result.matched_count)

    async def get(self, collection: str, key: str) -> Document | None:
        async with within(_TIMEOUT_SECONDS):
            return await self._of(collection).find_one({"_id": key})

    async def page(self, after: str, limit: int) -> list[Document]:
        """Accounts in the order of their ids, behind `after`."""
        async with within(_TIMEOUT_SECONDS):
            cursor = self.db["accounts"].find({"_id": {"$gt": after}}).sort("_id", 1).limit(min(limit, _PAGE_MOST))
            return await cursor.to_list(None)

    async def record_seen(self, entries: Iterable[tuple[str, str, datetime]]) -> None:
        """When an OA's event was last seen, and when a signature for it failed (`refused`). Adds no account."""
        writes = [UpdateOne({"_id": oa_id}, {"$max": {field: at}}) for oa_id, field, at in entries]
        if writes:
            async with within(_TIMEOUT_SECONDS):
                await bulk_write(self.db["accounts"], writes)

    def place(self, collection: str, key: str) -> Place:
        """Where the secrets of an account or an app belong."""
        return Place.stored(full_name(self._of(collection)), key)

    def _of(self, collection: str) -> Collection:
        return self.db[collection]


def _literal(fields: Mapping[str, Any]) -> dict[str, Any]:
    """In a pipeline a text that begins with `$` would be a path."""
    return {name: {"$literal": value} for name, value in fields.items()}
