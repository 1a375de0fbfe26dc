"""When a disk is too full for files."""

from typing import Any, cast
from uuid import uuid4

import pytest

from chassis.disk import FRESH_SECONDS, DatabaseDisk, is_full
from chassis.mongo import Database, database

GB = 1024**3


@pytest.mark.parametrize(
    ("used", "total", "full"),
    [
        (90 * GB, 100 * GB, False),
        (96 * GB, 100 * GB, True),  # Four gigabytes are left, and no tenth.
        (990 * GB, 1_000 * GB, False),  # No tenth, but ten gigabytes.
        (17 * GB, 20 * GB, False),  # Three gigabytes only, but more than a tenth.
        (19 * GB, 20 * GB, True),
        (0, 0, False),  # Nothing is known.
    ],
)
def test_a_disk_is_full_with_less_than_a_tenth_and_less_than_five_gigabytes_left(
    used: float, total: float, full: bool
) -> None:
    assert is_full(used, total) is full


class Reporting:
    """A database that reports the size of its disk."""

    def __init__(self) -> None:
        self.asked, self.used = 0, 50 * GB

    async def command(self, name: str) -> dict[str, Any]:
        assert name == "dbStats"
        self.asked += 1
        return {"fsUsedSize": float(self.used), "fsTotalSize": float(100 * GB)}


async def test_the_disk_is_looked_at_twice_a_minute_and_not_for_each_file() -> None:
    db, seconds, shares = Reporting(), [0.0], list[float]()
    disk = DatabaseDisk(cast("Database", db), shares.append, lambda: seconds[0])
    assert not await disk.is_full()
    db.used = 99 * GB
    assert not await disk.is_full()
    assert db.asked == 1
    seconds[0] += FRESH_SECONDS
    assert await disk.is_full()
    assert db.asked == 2
    assert shares == [0.5, 0.99]


@pytest.mark.live
async def test_a_real_database_reports_the_size_of_its_disk(mongo_url: str) -> None:
    async with database(mongo_url, f"disk_{uuid4().hex[:12]}") as db:
        await db.papers.create_index("conversation")  # Of a database that is not there it reports nothing.
        stats = await db.command("dbStats")
        await db.client.drop_database(db.name)
    assert 0 < stats["fsUsedSize"] <= stats["fsTotalSize"]
