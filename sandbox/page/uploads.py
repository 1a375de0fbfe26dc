"""Files from the person's own disk: bounded while they arrive, looked at before they are sent."""

import base64
import io
from dataclasses import dataclass

from nicegui import ui
from nicegui.events import UploadEventArguments
from PIL import Image, UnidentifiedImageError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.page import notice
from sandbox.page.actions import Actions
from sandbox.page.html import el

MOST_BYTES = 8 * 1024 * 1024
ENVELOPE_BYTES = 64 * 1024  # What multipart adds around a file.
TOO_LARGE = 413
WHY = "(refused) => emit(refused[0].failedPropValidation)"


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of file: what the chooser offers, and how its content type must begin."""

    kind: str
    label: str
    image: str
    accept: str = ""
    begins: str = ""


CHOICES = (
    Choice("image", "Ảnh", "image", "image/png,image/jpeg,image/webp", "image/"),
    Choice("gif", "Ảnh động", "gif_box", "image/gif", "image/gif"),
    Choice("video", "Video", "videocam", "video/*", "video/"),
    Choice("audio", "Giọng nói", "mic", "audio/*,.amr,.m4a,.aac,.ogg", "audio/"),
    Choice("file", "Tệp", "attach_file"),
)


class Bounded:
    """ASGI: an upload beyond the limit is refused as soon as that is known, and never written down whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            return await self._app(scope, receive, send)
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BYTES + ENVELOPE_BYTES:
                raise HTTPException(TOO_LARGE, "the file is too large")
            return message

        return await self._app(scope, counted, send)


def chooser(actions: Actions, choice: Choice) -> str:
    """An unseen chooser for one kind. Return the JavaScript that opens it: a browser wants that to be the click itself."""

    async def arrived(event: UploadEventArguments) -> None:
        upload.reset()
        await _send(actions, choice, event)

    with el("div", "unseen"):
        upload = ui.upload(on_upload=arrived, max_file_size=MOST_BYTES, auto_upload=True)
        upload.on("rejected", lambda event: notice.bad(actions.client, refusal(choice, event.args)), js_handler=WHY)
        if choice.accept:
            upload.props["accept"] = choice.accept
    return f"() => getElement({upload.id}).$refs.qRef.pickFiles()"


async def _send(actions: Actions, choice: Choice, event: UploadEventArguments) -> None:
    file = event.file
    if not 0 < file.size() <= MOST_BYTES:
        notice.bad(actions.client, refusal(choice))
        return
    data = await file.read()
    if not fits(choice, file.content_type, data):
        notice.bad(actions.client, refusal(choice, "accept"))
        return
    content = base64.b64encode(data).decode()
    payload = {"name": file.name[-200:] or "tep", "content_base64": content, "content_type": file.content_type[:100]}
    await actions.send({"kind": choice.kind, "file": payload})


def fits(choice: Choice, content_type: str, data: bytes) -> bool:
    """Whether these bytes are what the citizen's app would have sent as this kind."""
    if not content_type.startswith(choice.begins):
        return False
    if choice.kind not in ("image", "gif"):
        return True
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return (picture.format == "GIF") == (choice.kind == "gif")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return False


def refusal(choice: Choice, why: object = "max-file-size") -> str:
    """Why a file is not sent; `why` is the property that the browser's chooser names."""
    if why == "accept":
        return f"Tệp này không phải là {choice.label.lower()}."
    return f"Tệp phải có nội dung và không quá {MOST_BYTES // 1024 // 1024} MB."
