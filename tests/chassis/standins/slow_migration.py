"""A process with a migration that takes its time, to be killed in the middle: its arguments are URL and DATABASE."""

import asyncio
import sys

from chassis.migrations import Cursor, Migration, Migrator
from chassis.mongo import Database, database


async def double(db: Database, cursor: Cursor) -> Cursor:
    """One document a page; the version in the document makes a repeated page do nothing."""
    document = await db.things.find_one({"_id": {"$gt": cursor or 0}}, sort=[("_id", 1)])
    if document is None:
        return None
    await db.things.update_one({"_id": document["_id"], "v": 0}, {"$mul": {"number": 2}, "$set": {"v": 1}})
    await db.pages.insert_one({"of": document["_id"]})
    await asyncio.sleep(0.02)
    return document["_id"]


DOUBLE = Migration(1, "numbers are doubled", double)


async def main(url: str, name: str) -> None:
    async with database(url, name) as db:
        await Migrator(db, [DOUBLE], claim_seconds=1).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
