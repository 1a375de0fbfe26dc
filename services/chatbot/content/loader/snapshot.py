"""All files of a content directory as they were at one moment: what is validated is what is hashed and published."""

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from services.chatbot.content.loader.errors import ContentErrors, Fault, Faults
from services.chatbot.content.loader.yaml_document import PathStep, parse_yaml

FILE_BYTES = 5_000_000  # Zalo takes files of 5 MB; nothing else in content comes near.
TOTAL_BYTES = 128_000_000
FILES = 20_000  # Every procedure of the national catalogue, twice over, and its forms.
NOT_PUBLISHED = ("evaluation", "README.md")  # Measures and explains the content; no citizen ever sees it.


@dataclass(frozen=True)
class Snapshot:
    """Bytes by path relative to the content directory, in sorted order."""

    files: Mapping[str, bytes]

    @cached_property
    def version(self) -> str:
        """16 hexadecimal digits: the same files, the same version, on every machine."""
        digest = hashlib.sha256()
        for name, body in self.files.items():
            digest.update(f"{name}\0{len(body)}\0".encode())
            digest.update(body)
        return digest.hexdigest()[:16]

    def under(self, folder: str, suffix: str) -> Iterator[str]:
        """Paths directly in `folder` that end in `suffix`, sorted."""
        return (name for name in self.files if name.rpartition("/")[0] == folder and name.endswith(suffix))

    def line_of(self, file: str, *path: PathStep) -> int:
        """Returns the line of what stands under `path` in a YAML file, for a fault that shows only later."""
        document = parse_yaml(self.files[file], file, Faults())
        return document.line(path) if document else 1

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> "Snapshot":
        return cls(MappingProxyType(dict(sorted(files.items()))))

    @classmethod
    def take(cls, root: Path) -> "Snapshot":
        """Read a directory. Raises ContentErrors when it is missing, too large or unreadable."""
        if not root.is_dir():
            raise ContentErrors([Fault(str(root), 1, "không có thư mục nội dung này")])
        files: dict[str, bytes] = {}
        total = 0
        for path in published_files(root):
            name = path.relative_to(root).as_posix()
            body = _bounded(path, name)
            total += len(body)
            if total > TOTAL_BYTES or len(files) >= FILES:
                limit = f"{TOTAL_BYTES // 1_000_000} MB, {FILES} tệp"
                raise ContentErrors([Fault(name, 1, f"thư mục nội dung quá lớn (tối đa {limit})")])
            files[name] = body
        return cls.of(files)

    def to_zip(self) -> bytes:
        """The snapshot as a ZIP, to be kept for dialogues that began on it."""
        with io.BytesIO() as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, body in self.files.items():
                    archive.writestr(name, body)
            return out.getvalue()

    @classmethod
    def from_zip(cls, packed: bytes) -> "Snapshot":
        """The reverse of `packed`. Raises zipfile.BadZipFile on anything else, or on more than TOTAL_BYTES."""
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            infos = archive.infolist()
            if len(infos) > FILES or sum(info.file_size for info in infos) > TOTAL_BYTES:
                raise zipfile.BadZipFile("larger than any content")
            return cls.of({info.filename: archive.read(info) for info in infos})


def published_files(root: Path) -> Iterator[Path]:
    """The files that count, sorted; editors' temporary files (.x, x~) and NOT_SPOKEN are left out."""
    for path in sorted(root.rglob("*")):
        components = path.relative_to(root).parts
        hidden = any(part.startswith(".") or part.endswith("~") or part == "__pycache__" for part in components)
        if not hidden and components[0] not in NOT_PUBLISHED and path.is_file():
            yield path


def _bounded(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(FILE_BYTES + 1)
    except OSError as unreadable:
        raise ContentErrors([Fault(name, 1, f"không đọc được tệp ({unreadable.strerror})")]) from unreadable
    if len(body) > FILE_BYTES:
        raise ContentErrors([Fault(name, 1, f"tệp quá lớn (tối đa {FILE_BYTES // 1_000_000} MB)")])
    return body
