"""Reads a content directory as it was at one moment, even while an editor is saving files."""

import errno
import time
from pathlib import Path

from services.chatbot.content.loader.errors import ContentErrors, Fault, Faults
from services.chatbot.content.loader.snapshot import FILE_BYTES, FILES, TOTAL_BYTES, Snapshot

NOT_PUBLISHED = ("evaluation", "README.md")  # Measures and explains the content; no citizen ever sees it.
ATTEMPTS = 5
CLOCK_STEP = 0.02  # Seconds; file systems note times in steps of up to 10 ms.

Stamp = tuple[tuple[str, int, int, int], ...]


def take_snapshot(root: Path) -> Snapshot:
    """Returns the directory's files. Takes some 50 ms.

    Raises ContentErrors when it is missing, too large, unreadable, or changes all the time.
    """
    if not root.is_dir():
        raise _refusal(root, "không có thư mục nội dung này")
    for _ in range(ATTEMPTS):
        before = stamp(root)
        time.sleep(CLOCK_STEP)  # Later writes then have other times than those in `before`.
        faults = Faults()
        files = _read(root, faults)
        if stamp(root) == before:
            faults.raise_if_any()
            return Snapshot.of(files)
    raise _refusal(root, "nội dung đang được sửa trong lúc đọc; xin lưu xong rồi thử lại")


def _refusal(root: Path, reason: str) -> ContentErrors:
    return ContentErrors([Fault(root.resolve().name, 1, reason)])  # An editor need not know the server's paths.


def stamp(root: Path) -> Stamp:
    """Returns path, size and times of every published file; files that are being replaced are left out."""
    entries = []
    for path in published_files(root):
        try:
            stat = path.stat()
        except OSError:
            continue
        entries.append((str(path), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
    return tuple(entries)


def published_files(root: Path) -> list[Path]:
    """Returns all files, sorted, except editors' temporary files (.x, x~) and NOT_PUBLISHED."""
    try:
        found = sorted(root.rglob("*"))
    except OSError:  # A folder was deleted while it was listed.
        return []
    return [path for path in found if _counts(path.relative_to(root).parts) and path.is_file()]


def _counts(components: tuple[str, ...]) -> bool:
    hidden = any(part.startswith(".") or part.endswith("~") or part == "__pycache__" for part in components)
    return not hidden and components[0] not in NOT_PUBLISHED


def _read(root: Path, faults: Faults) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for path in published_files(root):
        name = path.relative_to(root).as_posix()
        try:
            with path.open("rb") as file:
                body = file.read(FILE_BYTES + 1)
        except OSError as unreadable:
            faults.add(name, 1, f"không đọc được tệp ({errno.errorcode.get(unreadable.errno or 0, '?')})")
            continue
        if len(body) > FILE_BYTES:
            faults.add(name, 1, f"tệp quá lớn (tối đa {FILE_BYTES // 1_000_000} MB)")
        total += len(body)
        if total > TOTAL_BYTES or len(files) >= FILES:
            faults.add(name, 1, f"thư mục nội dung quá lớn (tối đa {TOTAL_BYTES // 1_000_000} MB, {FILES} tệp)")
            break
        files[name] = body
    return files
