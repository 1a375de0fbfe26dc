"""A file of settings that is read anew whenever it changes, so that a change needs no restart."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from chassis.errors import MisconfiguredError

Parsed = TypeVar("Parsed")


class WatchedFile(Generic[Parsed]):
    def __init__(self, path: Path, parse: Callable[[str], Parsed], remedy: str) -> None:
        """`parse` raises ValueError quoting no secret. `remedy` completes the message when the file is not there."""
        self._path, self._parse, self._remedy = path, parse, remedy
        self._state: tuple[tuple[int, int, int], Parsed] | None = None

    def read(self) -> Parsed:
        """Returns the parsed content. Raises MisconfiguredError naming the file and what to do."""
        try:
            status = self._path.stat()
            version = (status.st_mtime_ns, status.st_size, status.st_ino)
            if self._state is None or self._state[0] != version:
                self._state = version, self._parse(self._path.read_text("utf-8"))
        except OSError:
            raise MisconfiguredError(f"the file {self._path.name} in SECRETS_DIR is missing: {self._remedy}") from None
        except ValueError as fault:
            raise MisconfiguredError(f"the file {self._path.name} in SECRETS_DIR: {fault}") from None
        return self._state[1]
