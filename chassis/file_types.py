"""What a file is, by its first bytes: neither its name nor the server's content type is trusted.

The library `filetype` knows the formats. What it does not tell apart is told here: the brands of ISO media (a phone's photo and
film begin alike), and what a server sends in the place of a file: a page or an error.
"""

import filetype  # type: ignore[import-untyped]  # It has no types.
from filetype.types import ARCHIVE, AUDIO, IMAGE, VIDEO  # type: ignore[import-untyped]  # It has no types.

HEAD_BYTES = 512
UNKNOWN = "application/octet-stream"
PAGE, JSON = "text/html", "application/json"
JPEG, PNG, GIF = "image/jpeg", "image/png", "image/gif"
PDF, ZIP = "application/pdf", "application/zip"  # A zip may be DOCX, XLSX, …

_MATCHERS = (*IMAGE, *AUDIO, *VIDEO, *ARCHIVE)
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage")  # DOC, XLS and PPT as they were.
_PAGES = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")
_BLANKS = b"\xef\xbb\xbf \t\r\n"

# ISO 14496-12 file types and HEIF's brands (nokiatech.github.io/heif/technical.html), AVIF's (aomediacodec.github.io/av1-avif).
_HEIF = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"})
_AVIF = frozenset({b"avif", b"avis"})
_SOUND = frozenset({b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "})
_FILM = (b"iso", b"mp4", b"avc", b"M4V", b"MSNV", b"dash", b"f4v", b"F4V", b"mmp4", b"XAVC")
_MOBILE_FILM = (b"3gp", b"3g2", b"3ge", b"3gs")
_OLD_QUICKTIME = frozenset({b"moov", b"mdat", b"wide"})  # Written before there were file types.


def media_type(head: bytes) -> str:
    """Returns the media type that the first HEAD_BYTES show, `application/octet-stream` where they show none."""
    if shown := _iso_media(head):
        return shown
    if kind := filetype.match(head, _MATCHERS):
        return str(kind.mime)
    if head.startswith(_OLE[0]):
        return _OLE[1]
    text = head.lstrip(_BLANKS)
    if text.lower().startswith(_PAGES):
        return PAGE
    return JSON if text.startswith((b"{", b"[")) else UNKNOWN


def _iso_media(head: bytes) -> str | None:
    """By the major brand; by the compatible ones where that is one nobody has heard of."""
    box = head[4:8]
    if box in _OLD_QUICKTIME:
        return "video/quicktime"
    if box != b"ftyp":
        return None
    size = min(int.from_bytes(head[:4], "big"), len(head))
    compatible = {head[at : at + 4] for at in range(16, size - 3, 4)}
    return _by_brand(head[8:12]) or next(filter(None, map(_by_brand, sorted(compatible))), "video/mp4")


def _by_brand(brand: bytes) -> str | None:
    if brand in _AVIF:
        return "image/avif"
    if brand in _HEIF:
        return "image/heic"
    if brand in _SOUND:
        return "audio/mp4"
    if brand == b"qt  ":
        return "video/quicktime"
    if brand.startswith(_MOBILE_FILM):
        return "video/3gpp"
    return "video/mp4" if brand.startswith(_FILM) else None
