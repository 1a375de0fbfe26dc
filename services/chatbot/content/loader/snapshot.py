"""All files of a content directory at one moment: the same bytes are validated, hashed, trained from and published."""

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from services.chatbot.content.loader.errors import Faults
from services.chatbot.content.loader.yaml_document import PathStep, parse_yaml

FILE_BYTES = 5_000_000  # Zalo takes files of 5 MB; nothing else in content comes near.
TOTAL_BYTES = 128_000_000
FILES = 20_000  # Every procedure of the national catalogue, twice over, and its forms.


@dataclass(frozen=True)
class Snapshot:
    """Bytes by path relative to the content directory, in sorted order."""

    files: Mapping[str, bytes]

    @cached_property
    def version(self) -> str:
        """Returns 16 hexadecimal digits: the same files have the same version on every machine."""
        digest = hashlib.sha256()
        for name, body in self.files.items():
            digest.update(f"{name}\0{len(body)}\0".encode())
            digest.update(body)
        return digest.hexdigest()[:16]

    def under(self, folder: str, suffix: str) -> Iterator[str]:
        """Returns the paths directly in `folder` that end in `suffix`, sorted."""
        return (name for name in self.files if name.rpartition("/")[0] == folder and name.endswith(suffix))

    def line_of(self, file: str, *path: PathStep) -> int:
        """Returns the line of what stands under `path` in a YAML file, for a fault that shows only later."""
        document = parse_yaml(self.files[file], file, Faults())
        return document.line(path) if document else 1

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> "Snapshot":
        """Returns a snapshot of files by path."""
        return cls(MappingProxyType(dict(sorted(files.items()))))

    def to_zip(self) -> bytes:
        """Returns the files as a ZIP."""
        with io.BytesIO() as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, body in self.files.items():
                    archive.writestr(name, body)
            return out.getvalue()

    @classmethod
    def from_zip(cls, packed: bytes) -> "Snapshot":
        """Returns what `to_zip` packed. Raises zipfile.BadZipFile on anything else, or on more than TOTAL_BYTES."""
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            infos = archive.infolist()
            if len(infos) > FILES or sum(info.file_size for info in infos) > TOTAL_BYTES:
                raise zipfile.BadZipFile("larger than any content")
            return cls.of({info.filename: archive.read(info) for info in infos})
