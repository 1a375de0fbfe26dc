"""Hang the chat page into the sandbox's application."""

from pathlib import Path
from typing import Annotated

import nicegui
from fastapi import FastAPI, Query
from fastapi.responses import FileResponse, RedirectResponse, Response
from nicegui import ui
from nicegui.translations import translations

from sandbox.page.address import LONGEST
from sandbox.page.layout import PageLayout
from sandbox.page.stickers import FACES, picture
from sandbox.page.subscriptions import Subscriptions
from sandbox.page.uploads import Bounded
from sandbox.platform import Platform

PATH = "/chat"  # Not "/": NiceGUI answers every address below its own, and the control API's errors are JSON.
ASSETS = Path(__file__).parent / "assets"
RECONNECT_SECONDS = 20.0
LOST = {  # NiceGUI has no Vietnamese of its own for these.
    "connection_lost": "Mất kết nối.",
    "trying_to_reconnect": "Đang kết nối lại…",
    "message_too_long": "Nội dung quá dài.",
    "message_too_long_body": "Nội dung này quá lớn nên không gửi được.",
}


def mount_page(app: FastAPI, platform: Platform) -> None:
    """Once per process: NiceGUI has one application. "/" leads to the page."""
    subscriptions = Subscriptions(platform.network)

    @app.get("/", include_in_schema=False)
    async def root() -> Response:
        return RedirectResponse(f"{PATH}/")

    @app.get("/stickers/{name}.png", include_in_schema=False)
    async def sticker(name: str) -> Response:
        if name not in FACES:
            return Response(status_code=404)
        return Response(picture(name), media_type="image/png")

    @app.get("/favicon.ico", include_in_schema=False)
    async def favicon() -> Response:
        return FileResponse(ASSETS / "favicon.svg")

    @ui.page("/", title="Zalo giả lập của Loa")
    async def page(mo: Annotated[str, Query(max_length=LONGEST)] = "") -> None:
        PageLayout(platform, subscriptions, mo)

    translations["vi"] = LOST
    ui.add_css((ASSETS / "frame.css").read_text("utf-8"), shared=True)
    ui.add_css((ASSETS / "chat.css").read_text("utf-8"), shared=True)
    ui.add_head_html(f"<script>{(ASSETS / 'page.js').read_text('utf-8')}</script>", shared=True)
    nicegui.app.add_middleware(Bounded)
    ui.run_with(
        app,
        mount_path=PATH,
        language="vi",
        favicon=ASSETS / "favicon.svg",
        tailwind=False,
        binding_refresh_interval=None,
        reconnect_timeout=RECONNECT_SECONDS,
        show_welcome_message=False,
    )
