"""How full the database's disk is. Files are refused before it fills up, so that words still find room."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from chassis.mongo import Database, translate_errors

LEAST_FREE_BYTES = 5 * 1024**3  # MongoDB needs room for its journal and for what it is about to give back.
LEAST_FREE_SHARE = 0.1
FRESH_SECONDS = (
    30.0  # How long a look counts: ten workers at four megabytes a second fill a gigabyte of the five meanwhile.
)


def is_full(used_bytes: float, total_bytes: float) -> bool:
    """Returns whether a disk has too little room for files. One that reports no size is not full."""
    free = total_bytes - used_bytes
    return total_bytes > 0 and free < LEAST_FREE_BYTES and free < total_bytes * LEAST_FREE_SHARE


@dataclass(slots=True)
class DatabaseDisk:
    """The disk that the database's files lie on, as MongoDB reports it."""

    db: Database
    observe: Callable[[float], None]  # Gets the share in use, at each look.
    monotonic: Callable[[], float] = time.monotonic
    _looked_at: float = field(default=float("-inf"))
    _full: bool = False

    async def is_full(self) -> bool:
        """Returns whether there is too little room for files, as of at most half a minute ago. Raises TransientError."""
        if self.monotonic() - self._looked_at >= FRESH_SECONDS:
            with translate_errors():
                stats = await self.db.command("dbStats")
            used, total = float(stats.get("fsUsedSize", 0)), float(stats.get("fsTotalSize", 0))
            self.observe(used / total if total else 0)
            self._full, self._looked_at = is_full(used, total), self.monotonic()
        return self._full
