"""Real bytes behind /media/ links: what citizens send and what OAs upload. In memory, bounded, oldest out first."""

import hashlib
import io
import mimetypes
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from PIL import Image, UnidentifiedImageError

from sandbox.clock import DAY_MS, Clock

MEDIA_BYTES = 256 * 1024 * 1024  # Everything kept together.
MAX_FILE_BYTES = 50 * 1024 * 1024
LINK_DAYS = 30  # Zalo's media links expire; so do these.
THUMBNAIL = (240, 240)


@dataclass(frozen=True, slots=True)
class Stored:
    media_id: str
    name: str
    content_type: str
    data: bytes
    checksum: str  # MD5, as Zalo reports it for files.
    url: str
    at_ms: int
    original_name: str = ""  # The name as it was given; `name` is what an address can carry of it.


@dataclass(slots=True)
class Media:
    base_url: str
    clock: Clock
    _files: "OrderedDict[str, Stored]" = field(default_factory=OrderedDict)
    _bytes: int = 0

    def put(self, data: bytes, name: str, content_type: str = "") -> Stored:
        """Raise ValueError when the file is empty or too big to keep."""
        if not data or len(data) > MAX_FILE_BYTES:
            raise ValueError(f"a file has 1 to {MAX_FILE_BYTES} bytes")
        tail = _safe(name)
        media_id = secrets.token_hex(12)
        kind = content_type or mimetypes.guess_type(tail)[0] or "application/octet-stream"
        checksum = hashlib.md5(data, usedforsecurity=False).hexdigest()
        url = f"{self.base_url}/media/{media_id}/{tail}"
        stored = Stored(media_id, tail, kind, data, checksum, url, self.clock.now_ms(), name[:200])
        self._files[media_id] = stored
        self._bytes += len(data)
        while self._bytes > MEDIA_BYTES:
            _, oldest = self._files.popitem(last=False)
            self._bytes -= len(oldest.data)
        return stored

    def get(self, media_id: str) -> Stored | None:
        """None for what never was, was pushed out, or whose link has expired."""
        stored = self._files.get(media_id)
        if stored is None or self.clock.now_ms() - stored.at_ms > LINK_DAYS * DAY_MS:
            return None
        return stored

    def thumbnail(self, picture: Stored) -> str:
        """The address of a small copy; of the picture itself where it cannot be read as one."""
        try:
            with Image.open(io.BytesIO(picture.data)) as opened:
                small = opened.convert("RGB")
                small.thumbnail(THUMBNAIL)
                out = io.BytesIO()
                small.save(out, "JPEG", quality=80)
        except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
            return picture.url
        return self.put(out.getvalue(), "thumbnail.jpg", "image/jpeg").url


def _safe(name: str) -> str:
    """The last part of a name with nothing in it that a URL or a disk would trip over."""
    tail = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in tail)[-80:].strip(".") or "file"
