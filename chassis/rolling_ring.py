"""A key ring that its service rolls by itself, a new line each day, so that nothing sealed under it lives longer than days.

The file belongs to one service alone, lies outside the database, and is in no backup: what a journal or a backup of the
database still holds becomes unreadable with the line it was sealed under. Replicas share the file.
"""

import base64
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from nacl.utils import random

from chassis.crypto import KeyRing, Place
from chassis.errors import MisconfiguredError, TransientError

_KEY_BYTES = 32


class RollingRing:
    def __init__(self, path: Path, keep: timedelta) -> None:
        """`keep` is how long a line stays after its day: longer than anything that is sealed under it is needed."""
        self._path, self._keep = path, keep
        self._version: tuple[int, int] | None = None
        self._ring: KeyRing | None = None

    def current(self) -> KeyRing:
        """Returns the ring as the file has it now. Raises TransientError until `roll` has made it."""
        try:
            status = self._path.stat()
        except OSError:
            raise TransientError(f"{self._path.name} is not there yet: the job `roll_transit_keys` makes it") from None
        if self._ring is None or self._version != (status.st_mtime_ns, status.st_ino):
            self._ring, self._version = KeyRing.load(self._path), (status.st_mtime_ns, status.st_ino)
        return self._ring

    def seal(self, plain: bytes, place: Place) -> str:
        """As a key ring's; raises what `current` raises."""
        return self.current().seal(plain, place)

    def open(self, sealed: str, place: Place) -> bytes:
        """As a key ring's. Raises DecryptionError for what is older than its lines; what `current` raises."""
        return self.current().open(sealed, place)

    def roll(self, today: date) -> bool:
        """Gives `today` a line, first, and drops what is too old. Returns whether the file changed. Raises MisconfiguredError."""
        try:
            with self._alone():
                lines = self._path.read_text("ascii").split() if self._path.exists() else []
                kept = [line for line in lines if _day_of(line) >= today - self._keep]
                if not any(_day_of(line) >= today for line in kept):
                    kept.insert(0, f"k{today.toordinal()}:{base64.b64encode(random(_KEY_BYTES)).decode()}")
                if kept == lines:
                    return False
                self._write("\n".join([*kept, ""]))
        except (OSError, ValueError) as fault:
            why = fault.strerror if isinstance(fault, OSError) else "not a ring of ours"
            raise MisconfiguredError(
                f"{self._path}: {why}: TRANSIT_RING has to be a file that this service alone may write"
            ) from None
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One replica at a time: two lines for one day would lose what is sealed under the other."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, text: str) -> None:
        """Whole or not at all."""
        new = self._path.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        new.replace(self._path)


def _day_of(line: str) -> date:
    """Lines are numbered by days, so that a key ring knows a younger line from one that is gone."""
    return date.fromordinal(int(line[1:].partition(":")[0]))
