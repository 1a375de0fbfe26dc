"""Editions of the content: the one that new dialogues begin with, and older ones that some still end on."""

import asyncio
import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from services.chatbot.content.archive import EditionArchive
from services.chatbot.content.content import Content
from services.chatbot.content.loader.directory import take_snapshot
from services.chatbot.content.loader.errors import ContentErrors

IN_MEMORY = 4


def no_preparation(_: Content) -> None:
    """Does nothing: the default preparation."""


def no_release(_: str) -> None:
    """Does nothing: the default release."""


@dataclass
class ContentEditions:
    """With an archive, a dialogue ends on its edition even after a restart; without one, only while memory holds it.

    `prepare` trains the language model before an edition becomes current, and may refuse it with ContentErrors;
    `release` is called with the version of an edition that leaves memory. Both are called in threads.
    """

    current: Content
    archive: EditionArchive | None = None
    prepare: Callable[[Content], None] = no_preparation
    release: Callable[[str], None] = no_release
    _editions: "OrderedDict[str, Content]" = field(default_factory=OrderedDict)
    _lock: threading.RLock = field(default_factory=threading.RLock)  # Editions are published from a thread.

    def __post_init__(self) -> None:
        self.prepare(self.current)
        self._publish(self.current)

    def reload(self, root: Path) -> bool:
        """Publishes the content of the directory `root`; returns False when it is the current edition already.

        Raises ContentErrors, and changes nothing, when it is not valid.
        """
        snapshot = take_snapshot(root)
        if snapshot.version == self.current.version:
            return False
        content = self._editions.get(snapshot.version) or Content.of(snapshot)
        self.prepare(content)
        self._publish(content)
        return True

    async def load(self, versions: Iterable[str]) -> None:
        """Brings archived editions back into memory, where `of` finds them, without holding up the event loop.

        Their models are trained in the background: until one is ready, the newest model answers for that edition.
        """
        for version in {version for version in versions if version and version not in self._editions}:
            content = await asyncio.to_thread(self._from_archive, version)
            if content is not None:
                self._add(content)
                threading.Thread(target=self._prepare_archived, args=(content,), daemon=True).start()

    def of(self, version: str | None) -> Content:
        """Returns what a dialogue that began with `version` ends on: that, or the current edition where it is not in memory."""
        with self._lock:
            content = self._editions.get(version) if version else None
            if content is None:
                return self.current
            self._editions.move_to_end(content.version)
            return content

    def file(self, version: str, path: str) -> bytes | None:
        """Returns a file of that edition, or of the current one where it is gone. Reads from disk: not in the event loop."""
        content = self._editions.get(version)
        archived = self.archive.file(version, path) if content is None and self.archive else None
        return archived or (content or self.current).snapshot.files.get(path)

    @property
    def versions(self) -> tuple[str, ...]:
        """Returns the versions of the editions in memory, least recently used first."""
        return tuple(self._editions)

    def _publish(self, content: Content) -> None:
        with self._lock:
            self.current = content
            self._add(content)
        if self.archive is not None:
            # A full disk costs older dialogues their edition after a restart, no more.
            with contextlib.suppress(OSError):
                self.archive.store(content.snapshot)

    def _add(self, content: Content) -> None:
        evicted = []
        with self._lock:
            self._editions[content.version] = content
            self._editions.move_to_end(content.version)
            while len(self._editions) > IN_MEMORY:
                oldest = next(version for version in self._editions if version != self.current.version)
                del self._editions[oldest]
                evicted.append(oldest)
        for version in evicted:
            self.release(version)

    def _from_archive(self, version: str) -> Content | None:
        try:
            snapshot = self.archive.snapshot(version) if self.archive else None
            return Content.of(snapshot) if snapshot else None
        except ContentErrors:  # Published under the rules of an earlier release.
            return None

    def _prepare_archived(self, content: Content) -> None:
        try:
            self.prepare(content)
        except ContentErrors:
            return  # As above; the newest model keeps answering for it.
        if content.version not in self._editions:  # It left memory while its model was trained.
            self.release(content.version)
