"""The pieces situations and journeys are made of: attachments, uploads, an article, a group."""

import io
from typing import Any

from PIL import Image

from tests.zalo import OA, SandboxHarness

Reply = dict[str, Any]
DAY = 86_400
OA_STATE = f"/oas/{OA}/state"


def picture(form: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, form)
    return out.getvalue()


async def upload(play: SandboxHarness, kind: str = "image", name: str = "a.png", data: bytes | None = None) -> Reply:
    files = {"file": (name, picture() if data is None else data)}
    return await play.post(f"/v2.0/oa/upload/{kind}", files=files)


def media(kind: str, **element: Any) -> Reply:
    return {"type": "template", "payload": {"template_type": "media", "elements": [{"media_type": kind, **element}]}}


def buttons(count: int = 1, **more: Any) -> Reply:
    button = {"title": "Có", "type": "oa.query.show", "payload": "#co", **more}
    return {"type": "template", "payload": {"buttons": [button] * count}}


ARTICLE: Reply = {
    "type": "normal", "title": "Cảnh báo", "author": "", "description": "", "cover": {"cover_type": "photo", "photo_url": "https://a.vn/a.jpg"},
    "body": [{"type": "text", "content": "Nội dung"}],
}  # fmt: skip


async def article(play: SandboxHarness) -> str:
    """The id of an article that is ready."""
    token = (await play.post("/v2.0/article/create", ARTICLE))["data"]["token"]
    await play.pass_time(5)
    return str((await play.post("/v2.0/article/verify", {"token": token}))["data"]["id"])


async def broadcast(play: SandboxHarness, article_id: str) -> Reply:
    message = {"attachment": media("article", attachment_id=article_id)}
    return await play.post("/v2.0/oa/message", {"recipient": {"target": {"gender": "0"}}, "message": message})


async def group(play: SandboxHarness, product: str = "gmf50") -> Reply:
    body = {"group_name": "Tổ", "asset_id": f"{OA}-{product}", "member_user_ids": [play.user_id]}
    return await play.post("/v3.0/oa/group/creategroupwithoa", body)
