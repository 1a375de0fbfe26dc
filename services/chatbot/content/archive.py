"""Older editions on disk, one ZIP file each. A snapshot holds everything its edition needs, the training data included."""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from services.chatbot.content.loader.snapshot import FILE_BYTES, Snapshot

ON_DISK = 20  # A dialogue lives for hours; twenty publications within them do not happen.


@dataclass(frozen=True, slots=True)
class EditionArchive:
    """Editions as ZIP files in `folder`, named by version."""

    folder: Path

    def store(self, snapshot: Snapshot) -> None:
        """Writes an edition atomically and deletes the oldest beyond ON_DISK. Raises OSError."""
        path = self.folder / f"{snapshot.version}.zip"
        if path.exists():
            path.touch()  # Published again: the newest once more.
        else:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".half")
            partial.write_bytes(snapshot.to_zip())
            partial.replace(path)
        archived = sorted(self.folder.glob("*.zip"), key=lambda each: each.stat().st_mtime_ns, reverse=True)
        for old in archived[ON_DISK:]:
            old.unlink(missing_ok=True)

    def snapshot(self, version: str) -> Snapshot | None:
        """Returns an edition's files, or None when the ZIP is missing, damaged or not of that version."""
        path = self._path(version)
        try:
            snapshot = Snapshot.from_zip(path.read_bytes()) if path else None
        except (OSError, zipfile.BadZipFile, zlib.error):
            return None
        return snapshot if snapshot and snapshot.version == version else None

    def file(self, version: str, name: str) -> bytes | None:
        """Returns one file of an edition without reading the rest of it."""
        path = self._path(version)
        if path is None:
            return None
        try:
            with zipfile.ZipFile(path) as archive:
                return archive.read(name) if archive.getinfo(name).file_size <= FILE_BYTES else None
        except (OSError, KeyError, zipfile.BadZipFile, zlib.error):
            return None

    def _path(self, version: str) -> Path | None:
        """Versions come from outside: only letters and digits may become a file's name."""
        return self.folder / f"{version}.zip" if version.isascii() and version.isalnum() else None
