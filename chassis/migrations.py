"""What a release changes in data that is already stored: numbered migrations of each service, run by `loa upgrade`.

A service's data has a version, the number of the last migration that it has seen. A service starts only on data of its own
version. Migrations are in `services/<name>/migrations/__init__.py` as `MIGRATIONS`, in order, numbered from 1, never changed
after a release. In containers, `python -m chassis.migrations SERVICE` runs them with the service's own settings.
"""

import asyncio
import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from chassis.errors import MisconfiguredError, TransientError
from chassis.mongo import Database, Document, database, translate_errors
from chassis.settings import Settings

COLLECTION, VERSION_ID = "migrations", "version"
CLAIM_SECONDS = 30  # Seconds. A page of a migration takes far less; a process that is silent for longer is gone.
CLAIM_POLL_SECONDS = 0.2

Cursor = Any  # Whatever BSON holds; None is the beginning.
Page = Callable[[Database, Cursor], Awaitable[Cursor]]


@dataclass(frozen=True, slots=True)
class Migration:
    """`page` changes a bounded page of documents, those after `cursor`, and returns the next cursor, None when all is done.

    A process killed between the page and the note of its cursor runs the page again: a page that is repeated must do nothing.
    """

    number: int
    name: str
    page: Page


@dataclass(frozen=True, slots=True)
class DataVersion:
    """`stored` is None for data that no release has numbered; `latest` is what this release works on."""

    stored: int | None
    latest: int

    @property
    def pending(self) -> int:
        return max(0, self.latest - (self.stored or 0))


def migrations_of(service: str) -> Sequence[Migration]:
    """Returns a service's migrations in order; none until its first. Raises ValueError when a number is out of place."""
    name = f"services.{service}.migrations"
    if not _is_module(name):
        return ()
    migrations: Sequence[Migration] = importlib.import_module(name).MIGRATIONS
    if [migration.number for migration in migrations] != list(range(1, len(migrations) + 1)):
        raise ValueError(f"{name}: number the migrations 1, 2, 3 … in order")
    return migrations


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # Not even the package around it.
        return False


async def data_version(db: Database, migrations: Sequence[Migration]) -> DataVersion:
    """Returns the version of this service's data. An empty database is begun at the latest one."""
    with translate_errors():
        # In this order: a neighbour that begins the database at this moment writes the version before anything else.
        empty = not await db.list_collection_names()
        if empty:
            await db[COLLECTION].update_one(
                {"_id": VERSION_ID}, {"$setOnInsert": {"version": len(migrations), "since": _now()}}, upsert=True
            )
        document = await db[COLLECTION].find_one({"_id": VERSION_ID})
    return DataVersion(document["version"] if document else None, len(migrations))


async def require_current(db: Database, migrations: Sequence[Migration]) -> None:
    """Raises MisconfiguredError unless the data is of this release's version: no other release may read or write it."""
    version = await data_version(db, migrations)
    if version.stored is None:
        raise MisconfiguredError(
            f"the database {db.name} holds data from before releases numbered it, which is not carried on: "
            "set MONGO_DATABASE to a new name, or move the data away (docs/upgrading.md)"
        )
    if version.stored < version.latest:
        raise MisconfiguredError(
            f"the data of {db.name} is of version {version.stored}, this release needs {version.latest}: run `loa upgrade`"
        )
    if version.stored > version.latest:
        raise MisconfiguredError(
            f"the data of {db.name} is of version {version.stored}, this release only knows {version.latest}: "
            "start the newer release again, or put back the copy that `loa upgrade` made"
        )


@dataclass(frozen=True, slots=True)
class VersionGuard:
    """What a service asks before it makes or reads anything."""

    db: Database
    migrations: Sequence[Migration]

    async def prepare(self) -> None:
        """Raises MisconfiguredError on data of another version, TransientError."""
        await require_current(self.db, self.migrations)


class Migrator:
    """Runs what is pending, page by page, one process at a time; a run that was killed is taken up where it stopped."""

    def __init__(self, db: Database, migrations: Sequence[Migration], *, claim_seconds: float = CLAIM_SECONDS) -> None:
        self._collection = db[COLLECTION]
        self._db = db
        self._migrations = migrations
        self._owner = uuid4().hex
        self._claim_seconds = claim_seconds

    async def run(self) -> list[str]:
        """Returns the names of the migrations done now. Waits for as long as another process is at work on one."""
        done: list[str] = []
        while (version := await data_version(self._db, self._migrations)).pending and version.stored is not None:
            migration = self._migrations[version.stored]
            if (state := await self._claim(migration)) is None:
                await asyncio.sleep(CLAIM_POLL_SECONDS)
                continue
            await self._migrate(migration, state)
            done.append(migration.name)
        await require_current(self._db, self._migrations)
        return done

    async def _migrate(self, migration: Migration, state: Document) -> None:
        cursor = state.get("cursor")
        while "done" not in state and (cursor := await migration.page(self._db, cursor)) is not None:
            await self._note(migration, {"cursor": cursor, "claimed_until": self._claim_end()})
        await self._note(migration, {"done": _now()})
        with translate_errors():
            version = {"$set": {"version": migration.number, "since": _now()}}
            await self._collection.update_one({"_id": VERSION_ID, "version": migration.number - 1}, version)

    async def _claim(self, migration: Migration) -> Document | None:
        """Returns how far the migration has come, None when another process holds it."""
        claim = {
            "$set": {"owner": self._owner, "claimed_until": self._claim_end()},
            "$setOnInsert": {"name": migration.name, "started": _now()},
        }
        try:
            with translate_errors():
                document: Document = await self._collection.find_one_and_update(
                    {"_id": migration.number, "claimed_until": {"$lte": _now()}},
                    claim,
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
        except DuplicateKeyError:
            return None
        return document

    async def _note(self, migration: Migration, fields: Document) -> None:
        """Raises TransientError when the claim has gone to another process meanwhile."""
        with translate_errors():
            mine = {"_id": migration.number, "owner": self._owner}
            noted = await self._collection.update_one(mine, {"$set": fields})
        if not noted.matched_count:
            raise TransientError(f"another process took over the migration {migration.name}")

    def _claim_end(self) -> datetime:
        return _now() + timedelta(seconds=self._claim_seconds)


def _now() -> datetime:
    return datetime.now(UTC)


async def main(service: str, *, only_tell: bool) -> dict[str, Any]:
    """Returns what `loa upgrade` reads: the version before, the latest one, and the names of the migrations done."""
    settings, migrations = Settings.read(os.environ), migrations_of(service)
    async with database(settings.mongo_url.get_secret_value(), settings.mongo_database or service) as db:
        version = await data_version(db, migrations)
        done = [] if only_tell else await Migrator(db, migrations).run()
    return {"stored": version.stored, "latest": version.latest, "done": done}


if __name__ == "__main__":
    try:
        print(json.dumps(asyncio.run(main(sys.argv[1], only_tell="--tell" in sys.argv[2:]))))  # noqa: T201 - its result.
    except (MisconfiguredError, TransientError) as fault:
        sys.exit(str(fault))
