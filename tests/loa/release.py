"""A release that changes stored data, before there is one: a copy of the tree with migrations of its own."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from loa.runtime.settings import ROOT

PACKAGES = ("chassis", "contracts", "loa", "sandbox", "services")

# Doubles a field of every document, one document a page, so slowly that it can be killed in between.
DOUBLE = '''"""Migrations of this service's data."""

import asyncio

from chassis.migrations import Migration


async def double(db, cursor):
    document = await db.things.find_one({"_id": {"$gt": cursor or 0}}, sort=[("_id", 1)])
    if document is None:
        return None
    await db.things.update_one({"_id": document["_id"], "v": 0}, {"$mul": {"number": 2}, "$set": {"v": 1}})
    await asyncio.sleep(0.02)
    return document["_id"]


MIGRATIONS = (Migration(1, "numbers are doubled", double),)
'''

# Writes a field into every document of a collection.
MARK = '''"""Migrations of this service's data."""

from chassis.migrations import Migration


async def mark(db, cursor):
    for name in {collections}:
        await db[name].update_many({{}}, {{"$set": {{"upgraded": True}}}})
    return None


MIGRATIONS = (Migration(1, "documents are marked", mark),)
'''


def make_release(folder: Path, migrations: Mapping[str, str]) -> Path:
    """Returns a tree that works as this one does, with `migrations` as the text of each service's migrations package."""
    ignore = shutil.ignore_patterns("__pycache__", "migrations")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=ignore)
    (folder / "content").symlink_to(ROOT / "content")
    (ROOT / ".loa").mkdir(exist_ok=True)
    (folder / ".loa").symlink_to(ROOT / ".loa")  # What was learnt from the content is the same.
    for service, text in migrations.items():
        home = folder / "services" / service / "migrations"
        home.mkdir()
        (home / "__init__.py").write_text(text)
    return folder
