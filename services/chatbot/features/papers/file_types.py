"""What a file is, by its bytes: neither its name nor the sender's word is believed."""

import zipfile
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from chassis.file_types import ZIP, media_type
from services.chatbot.content.models.form import DOCX
from services.chatbot.features.papers.effects import JPEG, PDF, PNG, RejectReason

# A PNG is unpacked whole before it is made smaller: a phone's screen has four million, a scanned page nine. A JPEG is unpacked at
# a fraction of its size: a phone's best camera.
_MAX_PIXELS = {PNG: 12_000_000, JPEG: 80_000_000}
_MAX_NAMES = 2_000  # Files inside a DOCX.


def paper_type(data: bytes) -> str | RejectReason:
    """Returns one of the four types that are kept, or why it is none."""
    shown = media_type(data)
    if shown in _MAX_PIXELS:
        return shown if _is_picture(data, _MAX_PIXELS[shown]) else RejectReason.BAD_PICTURE
    if shown == PDF:
        return PDF
    return DOCX if shown == ZIP and _is_docx(data) else RejectReason.BAD_KIND


def _is_picture(data: bytes, max_pixels: int) -> bool:
    """By its header alone; nothing is unpacked."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            return 0 < image.width * image.height <= max_pixels
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return False


def _is_docx(data: bytes) -> bool:
    """A document without macros."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    macros = any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names)
    return len(names) <= _MAX_NAMES and "word/document.xml" in names and not macros
