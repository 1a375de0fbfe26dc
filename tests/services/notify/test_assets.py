"""Pictures and files: fetched from our own services only, uploaded once per OA and content."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from PIL import Image

from contracts.message import Asset, MessagePart
from services.notify.assets import IMAGE_BYTES, Unsendable, gif_size, kind_of
from tests.services.notify.notify_app import OA, OTHER_OA, NotifyApp, notify_app


def picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (32, 20), "#0b6b3a").save(file, kind)
    return file.getvalue()


PNG, GIF, JPEG = picture("PNG"), picture("GIF"), picture("JPEG")


@dataclass(slots=True)
class FileServer:
    """A service inside that has files."""

    files: dict[str, bytes] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    url: str = ""

    async def serve(self, request: web.Request) -> web.Response:
        self.paths.append(request.path)
        if request.path == "/elsewhere":
            raise web.HTTPFound("http://127.0.0.1:1/secret")
        data = self.files.get(request.path)
        return web.Response(body=data) if data is not None else web.Response(status=404)

    def asset(self, name: str, data: bytes | None = None) -> Asset:
        if data is not None:
            self.files[f"/{name}"] = data
        return Asset(url=f"{self.url}/{name}", name=name, media_type="application/octet-stream")


@asynccontextmanager
async def file_server() -> AsyncIterator[FileServer]:
    server = FileServer()
    app = web.Application()
    app.router.add_get("/{name:.*}", server.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()


@pytest.fixture
async def files() -> AsyncIterator[FileServer]:
    async with file_server() as server:
        yield server


@pytest.fixture
async def notify(mongo_url: str, tmp_path: Path, files: FileServer) -> AsyncIterator[NotifyApp]:
    async with notify_app(mongo_url, tmp_path, asset_hosts=files.url.removeprefix("http://")) as made:
        await made.authorise(OA, OTHER_OA)
        yield made


async def test_a_picture_arrives_with_its_words_and_a_file_after_them(notify: NotifyApp, files: FileServer) -> None:
    to = notify.citizen()
    plan, form = files.asset("so-do.png", PNG), files.asset("CC01.docx", b"PK\x03\x04 a form")
    await notify.handle(
        notify.reply_with(to, MessagePart(text="Sơ đồ", image=plan), MessagePart(text="Mẫu đơn", file=form))
    )
    assert await notify.settled() == {"sent": 3}
    kinds = [message.kind for message in notify.platform.network.inboxes.answers]
    assert kinds == ["image", "text", "file"]
    (attachment,) = notify.platform.network.inboxes.answers[2].attachments
    assert attachment["payload"]["name"] == "CC01.docx"


async def test_the_same_content_is_uploaded_once_per_oa(notify: NotifyApp, files: FileServer) -> None:
    plan = files.asset("so-do.png", PNG)
    for _ in range(3):
        await notify.handle(notify.reply_with(notify.citizen(), MessagePart(image=plan)))
        await notify.settled()
    await notify.handle(notify.reply_with(notify.citizen(OTHER_OA), MessagePart(image=plan)))
    assert await notify.settled() == {"sent": 4}
    assert notify.calls("/v2.0/oa/upload/image") == 2


async def test_what_zalo_has_forgotten_is_uploaded_again(notify: NotifyApp, files: FileServer) -> None:
    plan = files.asset("so-do.png", PNG)
    await notify.handle(notify.reply_with(notify.citizen(), MessagePart(image=plan)))
    await notify.settled()
    notify.platform.assets._assets.clear()
    await notify.handle(notify.reply_with(notify.citizen(), MessagePart(image=plan)))
    assert await notify.settled() == {"sent": 2}
    assert notify.calls("/v2.0/oa/upload/image") == 2


async def test_a_gif_is_sent_as_one(notify: NotifyApp, files: FileServer) -> None:
    await notify.handle(notify.reply_with(notify.citizen(), MessagePart(image=files.asset("camera.gif", GIF))))
    assert await notify.settled() == {"sent": 1}
    assert notify.platform.network.inboxes.answers[0].kind == "gif"


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/latest", "http://127.0.0.1:9/x", "file:///etc/passwd", "http://evil@{host}/so-do.png"],
)
async def test_other_addresses_are_not_even_called(notify: NotifyApp, files: FileServer, address: str) -> None:
    files.asset("so-do.png", PNG)
    url = address.replace("{host}", files.url.removeprefix("http://"))
    part = MessagePart(image=Asset(url=url, name="x", media_type="image/png"))
    await notify.handle(notify.reply_with(notify.citizen(), part))
    assert await notify.settled() == {"failed": 1}
    assert (await notify.stored_delivery())["why"] == "asset_host"
    assert files.paths == []


async def test_a_redirect_is_not_followed(notify: NotifyApp, files: FileServer) -> None:
    await notify.handle(notify.reply_with(notify.citizen(), MessagePart(image=files.asset("elsewhere"))))
    await asyncio.sleep(0.3)
    assert files.paths == ["/elsewhere"]
    assert notify.calls() == 0


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("gone.png", None, "asset_missing"),
        ("big.png", PNG + b"\0" * IMAGE_BYTES, "asset_too_large"),
        ("a.svg", b"<svg/>", "asset_type"),
    ],
)
async def test_what_zalo_would_not_take_fails_with_its_reason_and_the_next_goes_on(
    notify: NotifyApp, files: FileServer, name: str, data: bytes | None, why: str
) -> None:
    to = notify.citizen()
    await notify.handle(notify.reply_with(to, MessagePart(image=files.asset(name, data)), MessagePart(text="sau đó")))
    assert await notify.settled() == {"failed": 1, "sent": 1}
    assert (await notify.stored_delivery(s="failed"))["why"] == why
    assert notify.texts_to(to) == ["sau đó"]


def test_kinds_are_recognised_by_the_bytes() -> None:
    assert (kind_of(PNG), kind_of(GIF), kind_of(JPEG)) == ("image", "gif", "image")
    assert gif_size(GIF) == (32, 20)
    with pytest.raises(Unsendable):
        kind_of(b"GIF89a")
