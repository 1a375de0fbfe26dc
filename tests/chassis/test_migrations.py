"""Numbered migrations of stored data: who may start on what, and how a run that was killed goes on. On a real MongoDB."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.errors import MisconfiguredError
from chassis.migrations import Cursor, Migration, Migrator, data_version, migrations_of, require_current
from chassis.mongo import Database, database
from tests.chassis.standins.slow_migration import DOUBLE

ROOT, SLOW = Path(__file__).parents[2], "tests.chassis.standins.slow_migration"
DOCUMENTS = 60


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    async with database(mongo_url, f"migrations_{uuid4().hex[:8]}") as db:
        yield db
        await db.client.drop_database(db.name)


async def stored_at(db: Database, migrations: Sequence[Migration]) -> None:
    """Data as a release with these migrations left it."""
    await data_version(db, migrations)
    await db.things.insert_many([{"_id": number, "number": number, "v": 0} for number in range(1, DOCUMENTS + 1)])


async def wait_for_pages(db: Database, count: int) -> None:
    async with asyncio.timeout(20):
        while await db.pages.count_documents({}) < count:  # noqa: ASYNC110 - another process's work.
            await asyncio.sleep(0.01)


async def nothing(_db: Database, _cursor: Cursor) -> Cursor:
    return None


async def test_an_empty_database_begins_at_the_latest_version(db: Database) -> None:
    version = await data_version(db, [DOUBLE])
    assert (version.stored, version.latest, version.pending) == (1, 1, 0)
    await require_current(db, [DOUBLE])


async def test_a_service_does_not_start_on_older_data_and_names_the_command(db: Database) -> None:
    await stored_at(db, [])
    with pytest.raises(MisconfiguredError, match=r"of version 0, this release needs 1: run `loa upgrade`"):
        await require_current(db, [DOUBLE])


async def test_a_service_does_not_start_on_newer_data_and_names_the_ways_out(db: Database) -> None:
    await stored_at(db, [DOUBLE])
    with pytest.raises(MisconfiguredError, match=r"only knows 0: start the newer release again, or put back the copy"):
        await require_current(db, [])


async def test_data_that_no_release_has_numbered_is_refused_with_a_remedy(db: Database) -> None:
    await db.conversations.insert_one({})
    with pytest.raises(MisconfiguredError, match="from before releases numbered it"):
        await require_current(db, [])


async def test_every_document_is_migrated_and_the_version_is_the_new_one(db: Database) -> None:
    await stored_at(db, [])
    assert await Migrator(db, [DOUBLE]).run() == ["numbers are doubled"]
    assert [thing["number"] async for thing in db.things.find(sort=[("_id", 1)])] == [
        2 * number for number in range(1, DOCUMENTS + 1)
    ]
    await require_current(db, [DOUBLE])


async def test_running_again_does_nothing(db: Database) -> None:
    await stored_at(db, [])
    await Migrator(db, [DOUBLE]).run()
    assert await Migrator(db, [DOUBLE]).run() == []
    assert await db.pages.count_documents({}) == DOCUMENTS


async def test_several_migrations_run_in_the_order_of_their_numbers(db: Database) -> None:
    await stored_at(db, [])
    assert await Migrator(db, [DOUBLE, Migration(2, "second", nothing), Migration(3, "third", nothing)]).run() == [
        "numbers are doubled",
        "second",
        "third",
    ]


async def test_a_migration_that_fails_leaves_the_version_and_the_next_run_goes_on_from_its_cursor(db: Database) -> None:
    seen: list[Cursor] = []

    async def stumbles(_db: Database, cursor: Cursor) -> Cursor:
        seen.append(cursor)
        if seen == [None, 7]:
            raise RuntimeError("the second page")
        return 7 if cursor is None else None

    await stored_at(db, [])
    migration = Migration(1, "stumbles", stumbles)
    with pytest.raises(RuntimeError):
        await Migrator(db, [migration], claim_seconds=0.1).run()
    assert (await data_version(db, [migration])).stored == 0
    await Migrator(db, [migration]).run()
    assert seen == [None, 7, 7]


async def test_a_run_killed_in_the_middle_goes_on_where_it_was_and_changes_nothing_twice(
    db: Database, mongo_url: str
) -> None:
    await stored_at(db, [])
    process = subprocess.Popen([sys.executable, "-m", SLOW, mongo_url, db.name], cwd=ROOT)  # noqa: ASYNC220, S603 - ours.
    await wait_for_pages(db, DOCUMENTS // 3)
    process.kill()
    process.wait()
    before = await db.pages.count_documents({})
    assert before < DOCUMENTS, "it was done before it was killed: this test proves nothing"
    await Migrator(db, [DOUBLE]).run()
    assert [thing["number"] async for thing in db.things.find(sort=[("_id", 1)])] == [
        2 * number for number in range(1, DOCUMENTS + 1)
    ]
    assert await db.pages.count_documents({}) <= DOCUMENTS + 1, "at most the page in hand is repeated"


async def test_two_processes_at_once_do_each_page_once(db: Database) -> None:
    await stored_at(db, [])
    done = await asyncio.gather(Migrator(db, [DOUBLE]).run(), Migrator(db, [DOUBLE]).run())
    assert sorted(map(len, done)) == [0, 1]
    assert await db.pages.count_documents({}) == DOCUMENTS


@pytest.mark.parametrize("service", ["gateway", "chatbot", "tips", "notify", "auditor"])
def test_the_migrations_of_every_service_are_numbered_in_order(service: str) -> None:
    assert [migration.number for migration in migrations_of(service)] == list(range(1, len(migrations_of(service)) + 1))


def test_what_is_no_service_of_ours_has_no_migrations() -> None:
    assert migrations_of("nobody") == ()
