"""`python -m services.auditor.verify`, and `loa audit verify`: walks the chain and names the first break. Only reads."""

import asyncio
import os
import sys
from datetime import UTC, datetime

from chassis.errors import MisconfiguredError, TransientError
from chassis.mongo import Database, database
from services.auditor.checkpoints import read_file
from services.auditor.inspection import BrokenChainError, Inspection, Report
from services.auditor.settings import AuditorSettings
from services.auditor.signing import PUBLIC_FILE, load_public
from services.auditor.store import ChainStore


async def verify(db: Database, settings: AuditorSettings, now: datetime) -> Report:
    """Returns what was found. Raises TransientError, and MisconfiguredError without the auditor's public key.

    The file is read before the database and the checkpoints before the entries, so that an auditor at work does no harm.
    """
    store, inspection = ChainStore(db), Inspection()
    keys = load_public(settings.secrets_dir / PUBLIC_FILE)
    anchors = read_file(settings.checkpoints_path)
    try:
        inspection.begin(await store.checkpoints_after(0), anchors, keys)
        async for page in store.pages():
            for entry in page:
                inspection.step(entry)
        inspection.finish(now)
    except BrokenChainError as fault:
        return inspection.report(str(fault))
    return inspection.report()


def sentence(report: Report) -> str:
    if report.broken:
        return f"BROKEN: {report.broken}. The {report.entries} entries before are whole."
    signed = report.entries - report.unsigned
    return (
        f"Whole: {report.entries} entries, {signed} of them signed by {report.checkpoints} checkpoints; "
        f"the last {report.unsigned} wait for the next checkpoint."
    )


async def _main(settings: AuditorSettings) -> Report:
    async with database(settings.mongo_url.get_secret_value(), settings.mongo_database) as db:
        return await verify(db, settings, datetime.now(UTC))


def main(settings: AuditorSettings) -> int:
    """Returns the exit code: 0 for a whole chain, 1 for a broken one, 2 when it could not be looked at."""
    try:
        report = asyncio.run(_main(settings))
    except (TransientError, MisconfiguredError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    sys.stdout.write(f"{sentence(report)}\n")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main(AuditorSettings.read(os.environ)))
