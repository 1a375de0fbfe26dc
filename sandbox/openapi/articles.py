"""Articles and videos: /v2.0/article/…, with plain query parameters where they are read."""

from typing import Any

from sandbox.articles import PROCESSING_MS, Article
from sandbox.calls import Call, choice_of, int_of, list_of, object_of, text_of
from sandbox.clock import day
from sandbox.endpoints import Endpoint
from sandbox.errors import ZaloError
from sandbox.openapi.uploads import uploaded
from sandbox.people import Json
from sandbox.platform import Platform

MAX_BODY = 100
MAX_TEXT = 100_000
MAX_URL = 2_000
LIMITS = {"title": 150, "author": 50, "description": 300}
BLOCKS = {"text": "content", "image": "url", "video": "url", "product": "id"}
DONE, FAILED, PROCESSING = 1, 5, 2


def create(platform: Platform, call: Call) -> Json:
    body = call.json()
    kind, content = _content(platform, body)
    month = day(platform.clock.now_ms())[:7]
    if call.account.consume("article", month, call.account.article_quota) < 0:
        raise ZaloError(-223, "article quota")
    return {"token": platform.articles.create(call.account.oa_id, kind, content)}


def verify(platform: Platform, call: Call) -> Json:
    """The article's id, once it has been processed: until then -214."""
    return {"id": platform.articles.by_token(call.account.oa_id, text_of(call.json(), "token", 200)).article_id}


def getslice(platform: Platform, call: Call) -> Json:
    params: Json = dict(call.params())
    kind = params.get("type", "normal")
    if kind not in ("normal", "video"):
        raise ZaloError(-201, "type")
    offset, limit = int_of(params, "offset", 0, 0, 1_000_000), int_of(params, "limit", 10, 1, 10)
    mine = platform.articles.of(call.account.oa_id, kind)
    page = [_brief(article) for article in mine[offset : offset + limit]]
    return {"medias": page, "total": len(mine)}


def getdetail(platform: Platform, call: Call) -> Json:
    article = platform.articles.find(call.account.oa_id, call.params().get("id", ""))
    return {"id": article.article_id, **article.content}


def update(platform: Platform, call: Call) -> Json:
    body = call.json()
    article = platform.articles.find(call.account.oa_id, text_of(body, "id", 64))
    _, article.content = _content(platform, body)
    return {"token": article.token}


def remove(platform: Platform, call: Call) -> None:
    article = platform.articles.find(call.account.oa_id, text_of(call.json(), "id", 64))
    del platform.articles.by_id[article.article_id]


def prepare_video(platform: Platform, call: Call) -> Json:
    name, data = uploaded(call)
    token = platform.ids.message()
    url = platform.media.put(data, name).url
    platform.articles.videos[token] = (call.account.oa_id, platform.clock.now_ms(), url)
    return {"token": token}


def verify_video(platform: Platform, call: Call) -> Json:
    """The status of a prepared video: 2 while it is processed, 1 when it can be used."""
    params: Json = dict(call.params()) or (call.json() if call.body else {})
    token = text_of(params, "token", 200) if "token" in params else call.header(b"token")
    oa_id, at_ms, _ = platform.articles.videos.get(token, ("", 0, ""))
    if oa_id != call.account.oa_id:
        raise ZaloError(-201, "token")
    ready = platform.clock.now_ms() - at_ms >= PROCESSING_MS
    answer = {"status": DONE if ready else PROCESSING, "status_message": "", "convert_percent": 100 if ready else 50}
    return {**answer, "video_id": token if ready else ""}


def _content(platform: Platform, body: Json) -> tuple[str, Json]:
    kind = body.get("type", "normal")
    if kind not in ("normal", "video"):
        raise ZaloError(-201, "type")
    content: Json = {"type": kind}
    for name, limit in LIMITS.items():
        content[name] = text_of(body, name, limit, needed=name == "title")
    platform.policy.check(f"{content['title']} {content['description']}")
    for name in ("status", "comment"):
        content[name] = body.get(name, "hide" if name == "status" else "show")
        if content[name] not in ("show", "hide"):
            raise ZaloError(-201, name)
    if kind == "video":
        content["video_id"] = text_of(body, "video_id", 200)
        return kind, content
    cover = object_of(body, "cover")
    if cover.get("cover_type") not in ("photo", "video"):
        raise ZaloError(-201, "cover.cover_type")
    content["cover"] = {str(key)[:50]: value for key, value in cover.items() if isinstance(value, str)}
    content["body"] = [_block(block) for block in list_of(body, "body", MAX_BODY)]
    return kind, content


def _block(block: Any) -> Json:
    if not isinstance(block, dict):
        raise ZaloError(-201, "body")
    needed = BLOCKS[choice_of(block, "type", BLOCKS)]
    text_of(block, needed, MAX_TEXT if needed == "content" else MAX_URL)
    return {str(key)[:50]: value for key, value in block.items() if isinstance(value, str)}


def _brief(article: Article) -> Json:
    content = article.content
    return {
        "id": article.article_id, "type": article.kind, "title": content["title"], "status": content["status"],
        "total_view": article.views, "total_share": 0, "create_date": article.at_ms, "update_date": article.at_ms,
        "thumb": content.get("cover", {}).get("photo_url", ""), "link_view": "",
    }  # fmt: skip


EXAMPLE: Json = {
    "type": "normal", "title": "Cảnh báo", "author": "Công an", "description": "Thủ đoạn mới",
    "cover": {"cover_type": "photo", "photo_url": "https://example.vn/a.jpg", "status": "show"},
    "body": [{"type": "text", "content": "Nội dung"}], "status": "show", "comment": "hide",
}  # fmt: skip
ENDPOINTS = (
    Endpoint("POST", "/v2.0/article/create", create, "New article", example=EXAMPLE),
    Endpoint("POST", "/v2.0/article/verify", verify, "Article id by token", example={"token": "…"}),
    Endpoint(
        "GET",
        "/v2.0/article/getslice",
        getslice,
        "Articles",
        "query",
        example={"offset": "0", "limit": "5", "type": "normal"},
    ),
    Endpoint("GET", "/v2.0/article/getdetail", getdetail, "One article", "query", example={"id": "…"}),
    Endpoint("POST", "/v2.0/article/update", update, "Change an article", example={"id": "…", **EXAMPLE}),
    Endpoint("POST", "/v2.0/article/remove", remove, "Remove an article", example={"id": "…"}),
    Endpoint("POST", "/v2.0/article/upload_video/preparevideo", prepare_video, "Upload a video", "file"),
    Endpoint(
        "GET", "/v2.0/article/upload_video/verify", verify_video, "Status of a video", "query", example={"token": "…"}
    ),
)
