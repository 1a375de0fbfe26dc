"""Uploads: real bytes, checked by what they are, kept for seven days."""

import io
from collections.abc import Callable

from PIL import Image, UnidentifiedImageError
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import File, parse_form

from sandbox.calls import Call
from sandbox.clock import day
from sandbox.endpoints import Endpoint, Handler
from sandbox.errors import ZaloError
from sandbox.people import Json
from sandbox.platform import Platform

IMAGE_BYTES = 1_000_000 + 48_576  # 1 MB, as 1024 x 1024.
FILE_BYTES = 5 * 1024 * 1024
ZNS_IMAGE_BYTES = 500 * 1024
FILE_SIGNATURES = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "doc": b"\xd0\xcf\x11\xe0", "csv": b""}


def uploaded(call: Call) -> tuple[str, bytes]:
    """Name and bytes of the part called `file`. Raise ZaloError -201 when there is none."""
    files: list[tuple[str, bytes]] = []

    def collect(part: File) -> None:
        if part.field_name == b"file":
            part.file_object.seek(0)
            files.append(((part.file_name or b"file").decode("utf-8", "replace"), part.file_object.read()))
        part.close()

    headers = {"Content-Type": call.headers.get(b"content-type", b"")}
    try:
        parse_form(headers, io.BytesIO(call.body), lambda _: None, collect)
    except (FormParserError, ValueError):
        raise call.bad("file") from None
    if not files or not files[0][1]:
        raise call.bad("file")
    return files[0]


def _picture(formats: tuple[str, ...], most: int, data: bytes) -> None:
    if len(data) > most:
        raise ZaloError(-210, "file")
    try:
        with Image.open(io.BytesIO(data)) as picture:
            accepted = picture.format in formats
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        accepted = False
    if not accepted:
        raise ZaloError(-201, "file")


def _document(name: str, data: bytes) -> None:
    if len(data) > FILE_BYTES:
        raise ZaloError(-210, "file")
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if suffix not in FILE_SIGNATURES or not data.startswith(FILE_SIGNATURES[suffix]):
        raise ZaloError(-201, "file")


def _checked(kind: str, name: str, data: bytes) -> None:
    if kind == "image":
        _picture(("JPEG", "PNG"), IMAGE_BYTES, data)
    elif kind == "gif":
        _picture(("GIF",), FILE_BYTES, data)
    else:
        _document(name, data)


def _upload(kind: str, answer: str) -> Callable[[Platform, Call], Json]:
    def upload(platform: Platform, call: Call) -> Json:
        name, data = uploaded(call)
        _checked(kind, name, data)
        month = day(platform.clock.now_ms())[:7]
        if call.account.consume("upload", month, call.account.asset_quota) < 0:
            raise ZaloError(-211)
        asset = platform.assets.add(call.account.oa_id, kind, platform.media.put(data, name))
        return {answer: asset.asset_id}

    return upload


def _logo(platform: Platform, call: Call) -> Json:
    """A picture for a template: its id is `media_id`."""
    name, data = uploaded(call)
    _picture(("JPEG", "PNG"), ZNS_IMAGE_BYTES, data)
    return {"media_id": platform.assets.add(call.account.oa_id, "image", platform.media.put(data, name)).asset_id}


_KINDS: tuple[tuple[str, Handler, str], ...] = (
    ("/v2.0/oa/upload/image", _upload("image", "attachment_id"), "Picture, jpg or png, up to 1 MB"),
    ("/v2.0/oa/upload/gif", _upload("gif", "attachment_id"), "GIF, up to 5 MB"),
    ("/v2.0/oa/upload/file", _upload("file", "token"), "Document: pdf, doc, docx, csv, up to 5 MB"),
)
ENDPOINTS = (
    *(Endpoint("POST", path, handler, summary, "file") for path, handler, summary in _KINDS),
    Endpoint("POST", "/upload/image", _logo, "Picture for a template, up to 500 KB", "file", "zns"),
)
