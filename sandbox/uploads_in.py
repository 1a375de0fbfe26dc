"""What a citizen sends beside words: checked, its bytes stored, and turned into the attachment the event carries."""

import base64
import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sandbox.media import Media, Stored
from sandbox.people import Json

Kind = Literal["text", "image", "gif", "link", "audio", "video", "sticker", "location", "file", "business_card"]


class Upload(BaseModel):
    """Real bytes, as base64 in JSON."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    name: str = Field(min_length=1, max_length=200)
    content_base64: str = Field(min_length=1, max_length=70_000_000, repr=False)
    content_type: str = Field("", max_length=100)


class Sending(BaseModel):
    """The body of POST /sandbox/citizens/{id}/send."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    oa_id: str = Field(max_length=40)
    kind: Kind = "text"
    text: str = Field("", max_length=10_000, repr=False)
    file: Upload | None = None
    url: str = Field("", max_length=2_000, repr=False, description="Instead of file, or the target of a link.")
    description: str = Field("", max_length=2_000, repr=False)
    latitude: float | None = Field(None, ge=-90, le=90, repr=False)
    longitude: float | None = Field(None, ge=-180, le=180, repr=False)
    sticker_id: str = Field("", max_length=100)
    phone: str = Field("", max_length=20, repr=False, description="Of a business card.")
    quote_message_id: str = Field("", max_length=100)


def attachments(sending: Sending, media: Media) -> tuple[Json, ...]:
    """Raise ValueError, naming the member, where the kind needs something that is not there."""
    if sending.kind == "text":
        if not sending.text:
            raise ValueError("text: a text message needs words")
        return ()
    if sending.kind == "location":
        return (_location(sending),)
    if sending.kind == "sticker":
        url = sending.url or f"{media.base_url}/media/sticker/{sending.sticker_id or 'sticker'}.png"
        return ({"type": "sticker", "payload": {"url": url, "id": sending.sticker_id or "sticker"}},)
    if sending.kind in ("link", "business_card"):
        return (_link(sending),)
    return (_file(sending, media),)


def stored(upload: Upload, media: Media) -> Stored:
    """Raise ValueError when the base64 is broken or the file too big."""
    try:
        data = base64.b64decode(upload.content_base64, validate=True)
    except ValueError:
        raise ValueError("file: content_base64 is not base64") from None
    return media.put(data, upload.name, upload.content_type)


def _file(sending: Sending, media: Media) -> Json:
    if sending.file is None:
        if not sending.url:
            raise ValueError("file: this kind needs a file or a url")
        return _foreign(sending)
    stored_file = stored(sending.file, media)
    payload: Json = {"url": stored_file.url}
    if sending.kind in ("image", "gif"):
        payload = {"thumbnail": media.thumbnail(stored_file), "url": stored_file.url}
    elif sending.kind == "video":
        payload = {"url": stored_file.url, "thumbnail": stored_file.url, "description": sending.description}
    elif sending.kind == "file":
        suffix = stored_file.name.rsplit(".", 1)[-1].lower() if "." in stored_file.name else ""
        payload = {
            "size": str(len(stored_file.data)), "name": sending.file.name, "checksum": stored_file.checksum,
            "type": suffix, "url": stored_file.url,
        }  # fmt: skip
    return {"type": sending.kind, "payload": payload}


def _foreign(sending: Sending) -> Json:
    """A link to bytes that lie elsewhere: whatever address a test wants a receiver to meet."""
    payload: Json = {"url": sending.url}
    if sending.kind in ("image", "gif", "video"):
        payload["thumbnail"] = sending.url
    if sending.kind == "video":
        payload["description"] = sending.description
    if sending.kind == "file":
        payload |= {"size": "0", "name": sending.description or "file", "checksum": "", "type": ""}
    return {"type": sending.kind, "payload": payload}


def _location(sending: Sending) -> Json:
    if sending.latitude is None or sending.longitude is None:
        raise ValueError("latitude, longitude: a location needs both")
    at = {"latitude": str(sending.latitude), "longitude": str(sending.longitude)}
    return {"type": "location", "payload": {"coordinates": at}}


def _link(sending: Sending) -> Json:
    """A business card is a link whose description is JSON text."""
    url, description = sending.url, sending.description
    if sending.kind == "business_card":
        url = url or "https://zalo.me/u/"
        description = json.dumps({"phone": sending.phone, "qrCodeUrl": url}, ensure_ascii=False)
    if not url:
        raise ValueError("url: a link needs one")
    return {"type": "link", "payload": {"thumbnail": "", "description": description, "url": url}}
