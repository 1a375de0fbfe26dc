"""Editions of the content: the one that new dialogues begin with, and older ones that some still end on."""

import threading
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from services.chatbot.content.content import Content
from services.chatbot.content.loader.errors import ContentErrors
from services.chatbot.content.loader.snapshot import Snapshot

IN_MEMORY = 4
ON_DISK = 20  # A dialogue lives for hours, and nobody publishes twenty times within them.

Prepare = Callable[[Content], None]


def no_preparation(_: Content) -> None:
    """The default preparation."""


@dataclass
class ContentEditions:
    """`archive`, a directory, lets a dialogue end on its version even after a restart; without it, memory only.

    `prepare` runs before an edition becomes current (training, for one) and may refuse it with ContentErrors.
    """

    current: Content
    archive: Path | None = None
    prepare: Prepare = no_preparation
    _editions: "OrderedDict[str, Content]" = field(default_factory=OrderedDict)
    _lock: threading.RLock = field(default_factory=threading.RLock)  # The watcher publishes from a thread.

    def __post_init__(self) -> None:
        self.prepare(self.current)
        self._add(self.current)

    def reload(self, root: Path) -> bool:
        """Publish what stands in `root`; False when it is what is current already.

        Raises ContentErrors and changes nothing when it is not valid.
        """
        snapshot = Snapshot.take(root)
        if snapshot.version == self.current.version:
            return False
        content = self._editions.get(snapshot.version) or Content.of(snapshot)
        self.prepare(content)
        with self._lock:
            self.current = content
            self._add(content)
        return True

    def get(self, version: str) -> Content | None:
        """The edition of that version, from memory or from the archive; None when it is gone for good."""
        with self._lock:
            cached = self._editions.get(version)
            if cached is not None:
                self._editions.move_to_end(version)
                return cached
        content = self._from_archive(version)
        if content is not None:
            self.prepare(content)
            self._add(content)
        return content

    def of(self, version: str | None) -> Content:
        """What a dialogue that began with `version` ends on: that, or the current one if it is gone."""
        return (self.get(version) if version else None) or self.current

    @property
    def versions(self) -> tuple[str, ...]:
        """Held in memory, least recently used first."""
        return tuple(self._editions)

    def _add(self, content: Content) -> None:
        with self._lock:
            self._editions[content.version] = content
            self._editions.move_to_end(content.version)
            while len(self._editions) > IN_MEMORY:
                oldest = next(version for version in self._editions if version != self.current.version)
                del self._editions[oldest]
        if self.archive is not None:
            _store(self.archive, content.snapshot)

    def _from_archive(self, version: str) -> Content | None:
        if self.archive is None or not (version.isascii() and version.isalnum()):
            return None
        path = self.archive / f"{version}.zip"
        try:
            snapshot = Snapshot.from_zip(path.read_bytes())
            return Content.of(snapshot) if snapshot.version == version else None
        except (OSError, zipfile.BadZipFile, ContentErrors):  # Gone, torn, or from a program with other rules.
            return None


def _store(archive: Path, snapshot: Snapshot) -> None:
    """Whole or not at all; beyond ON_DISK the oldest go."""
    path = archive / f"{snapshot.version}.zip"
    if path.exists():
        path.touch()  # Published again: the newest once more.
    else:
        archive.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".half")
        partial.write_bytes(snapshot.to_zip())
        partial.replace(path)
    archives = sorted(archive.glob("*.zip"), key=lambda archived: archived.stat().st_mtime_ns, reverse=True)
    for old in archives[ON_DISK:]:
        old.unlink(missing_ok=True)
