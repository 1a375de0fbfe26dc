"""What a file is, by its first bytes: neither its name nor the server's content type is trusted."""

HEAD_BYTES = 512
UNKNOWN = "application/octet-stream"
PAGE = "text/html"
JPEG, PNG, GIF = "image/jpeg", "image/png", "image/gif"
PDF, ZIP = "application/pdf", "application/zip"

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"GIF87a", GIF),
    (0, b"GIF89a", GIF),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"OggS", "audio/ogg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"%PDF-", PDF),
    (0, b"PK\x03\x04", ZIP),  # And what is a zip inside: DOCX, XLSX, …
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_PAGES = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")


def media_type(head: bytes) -> str:
    """Returns the media type that the first HEAD_BYTES show, `application/octet-stream` where they show none."""
    for at, magic, shown in _MAGIC:
        if head[at : at + len(magic)] == magic:
            return shown
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES):
        return PAGE
    return UNKNOWN
