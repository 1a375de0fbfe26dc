"""So much a day and a person, and no more by being somebody else's name."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from chassis.daily_quota import DailyQuota
from chassis.mongo import Database, database
from tests.doubles import NOON, PEPPER

pytestmark = pytest.mark.live

LAN, BINH = "a-conversation", "another"


@pytest.fixture
async def db(mongo_url: str) -> AsyncIterator[Database]:
    async with database(mongo_url, f"quota_{uuid4().hex[:12]}") as mongo_db:
        yield mongo_db
        await mongo_db.client.drop_database(mongo_db.name)


async def test_a_person_has_so_much_a_day_and_everybody_their_own(db: Database) -> None:
    at = [NOON]
    quota = DailyQuota(db.quotas, PEPPER, "papers", 3, lambda: at[0])
    await quota.prepare()
    assert [await quota.add(LAN) for _ in range(4)] == [True, True, True, False]
    assert await quota.is_used_up(LAN)
    assert not await quota.is_used_up(BINH)
    at[0] += timedelta(days=1)
    assert not await quota.is_used_up(LAN)
    assert await quota.add(LAN, 3)
    assert not await quota.add(LAN, 1)


async def test_a_day_begins_at_midnight_in_vietnam(db: Database) -> None:
    late = datetime.fromisoformat("2026-03-02T23:59:59+07:00")
    at = [late]
    quota = DailyQuota(db.quotas, PEPPER, "papers", 1, lambda: at[0])
    assert await quota.add(LAN)
    assert await quota.is_used_up(LAN)
    at[0] += timedelta(seconds=1)
    assert not await quota.is_used_up(LAN)


async def test_things_are_counted_apart_and_what_is_kept_names_nobody_and_expires(db: Database) -> None:
    await DailyQuota(db.quotas, PEPPER, "files", 1, lambda: NOON).add(LAN)
    other = DailyQuota(db.quotas, PEPPER, "bytes", 1, lambda: NOON)
    await other.prepare()
    assert not await other.is_used_up(LAN)
    (kept,) = await db.quotas.find({}).to_list(None)
    assert LAN not in repr(kept)
    assert kept["expires"] == NOON + timedelta(days=2)
    indexes = await db.quotas.index_information()
    assert indexes["expires_1"]["expireAfterSeconds"] == 0
