"""What a file is, by its bytes: neither its name nor the sender's word is believed. And a picture small enough for Zalo."""

import zipfile
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from chassis.file_types import media_type
from services.chatbot.content.models.form import DOCX

_MAX_PIXELS = 80_000_000  # A phone's best camera; a picture that unpacks to more is a bomb.
_MAX_NAMES = 2_000  # Files inside a DOCX.


def paper_type(data: bytes) -> str | None:
    """Returns one of the four types that are kept, or None."""
    match media_type(data):
        case "image/jpeg" | "image/png" as picture:
            return picture if _is_picture(data) else None
        case "application/pdf" as pdf:
            return pdf
        case "application/zip" if _is_docx(data):
            return DOCX
        case _:
            return None


def _is_picture(data: bytes) -> bool:
    """By its header alone; nothing is unpacked."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            return 0 < image.width * image.height <= _MAX_PIXELS
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
