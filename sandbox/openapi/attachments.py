"""The attachments of an OA's message: each kind's shape and limits, turned into what the citizen sees."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.calls import int_of, list_of, object_of, text_of
from sandbox.errors import ZaloError
from sandbox.people import Json
from sandbox.platform import Platform

MAX_BUTTONS = 5
MAX_BUTTON_TITLE = 100
MAX_PAYLOAD = 1_000
MAX_TITLE = 100
MAX_SUBTITLE = 500
MAX_URL = 2_000
MAX_ELEMENTS = 5
BUTTON_KINDS = ("oa.open.url", "oa.query.show", "oa.query.hide", "oa.open.sms", "oa.open.phone")


@dataclass(frozen=True, slots=True)
class MessageContent:
    """`kind` names the echo: oa_send_<kind>."""

    kind: str
    attachments: tuple[Json, ...] = ()
    buttons: tuple[Json, ...] = ()


def read(platform: Platform, oa_id: str, attachment: Json, *, has_text: bool) -> MessageContent:
    """Raise ZaloError -201, -210, -233 or -100."""
    kind = attachment.get("type")
    payload = object_of(attachment, "payload")
    if kind == "file":
        return _file(platform, oa_id, payload)
    if kind != "template":
        raise ZaloError(-233, "attachment.type")
    template = payload.get("template_type")
    if template is None and "buttons" in payload:
        if not has_text:
            raise ZaloError(-201, "text")
        return MessageContent("text", buttons=buttons(payload))
    if not isinstance(template, str) or template not in TEMPLATES:
        raise ZaloError(-233, "template_type")
    return TEMPLATES[template](platform, oa_id, payload)


def buttons(payload: Json) -> tuple[Json, ...]:
    """One to five buttons of the five kinds."""
    sources = list_of(payload, "buttons", MAX_BUTTONS)
    if not sources:
        raise ZaloError(-201, "buttons")
    return tuple(_button(each) for each in sources)


def _button(source: Any) -> Json:
    if not isinstance(source, dict):
        raise ZaloError(-201, "buttons")
    button = {"title": text_of(source, "title", MAX_BUTTON_TITLE), **_action(source)}
    icon = text_of(source, "image_icon", MAX_URL, needed=False)
    return {**button, "image_icon": icon} if icon else button


def _action(source: Json) -> Json:
    """A button's or an element's deed: its kind decides the payload's shape."""
    kind = source.get("type")
    if kind not in BUTTON_KINDS:
        raise ZaloError(-201, "buttons.type")
    if kind in ("oa.query.show", "oa.query.hide"):
        return {"type": kind, "payload": text_of(source, "payload", MAX_PAYLOAD)}
    if kind == "oa.open.url" and "url" in source:
        return {"type": kind, "payload": {"url": text_of(source, "url", MAX_URL)}}
    payload = object_of(source, "payload")
    if kind == "oa.open.url":
        return {"type": kind, "payload": {"url": text_of(payload, "url", MAX_URL)}}
    target = {"phone_code": text_of(payload, "phone_code", 20)}
    if kind == "oa.open.sms":
        target["content"] = text_of(payload, "content", 500)
    return {"type": kind, "payload": target}


def _file(platform: Platform, oa_id: str, payload: Json) -> MessageContent:
    stored = platform.assets.file(oa_id, text_of(payload, "token", 200)).stored
    file_json = {
        "size": str(len(stored.data)), "name": stored.original_name, "checksum": stored.checksum,
        "type": stored.name.rsplit(".", 1)[-1].lower(), "url": stored.url,
    }  # fmt: skip
    return MessageContent("file", ({"type": "file", "payload": file_json},))


def _media(platform: Platform, oa_id: str, payload: Json) -> MessageContent:
    elements = list_of(payload, "elements", 1)
    if not elements or not isinstance(elements[0], dict):
        raise ZaloError(-201, "elements")
    element = elements[0]
    kind = element.get("media_type")
    if kind == "sticker":
        sticker = text_of(element, "attachment_id", 100)
        url = f"{platform.media.base_url}/media/sticker/{sticker}.png"
        return MessageContent("sticker", ({"type": "sticker", "payload": {"id": sticker, "url": url}},))
    if kind == "gif":
        stored = platform.assets.media(oa_id, text_of(element, "attachment_id", 200), "gif").stored
        size = {"width": int_of(element, "width", 0, 1, 10_000), "height": int_of(element, "height", 0, 1, 10_000)}
        return MessageContent(
            "gif", ({"type": "gif", "payload": {"thumbnail": stored.url, "url": stored.url, **size}},)
        )
    if kind != "image":
        raise ZaloError(-233, "media_type")
    if "attachment_id" in element:
        url = platform.assets.media(oa_id, text_of(element, "attachment_id", 200), "image").stored.url
    else:
        url = text_of(element, "url", MAX_URL)
    more = buttons(payload) if payload.get("buttons") else ()
    return MessageContent("image", ({"type": "image", "payload": {"thumbnail": url, "url": url}},), more)


def _info(_: Platform, __: str, payload: Json) -> MessageContent:
    """Ask for the citizen's details; the answer arrives as user_submit_info."""
    elements = list_of(payload, "elements", 1)
    if not elements or not isinstance(elements[0], dict):
        raise ZaloError(-201, "elements")
    element = elements[0]
    request = {
        "title": text_of(element, "title", MAX_TITLE),
        "subtitle": text_of(element, "subtitle", MAX_SUBTITLE),
        "image_url": text_of(element, "image_url", MAX_URL, needed=False),
    }
    return MessageContent("template", ({"type": "request_user_info", "payload": request},))


def _list(_: Platform, __: str, payload: Json) -> MessageContent:
    """Undocumented on v3, yet integrators use it and there is an oa_send_list."""
    elements = list_of(payload, "elements", MAX_ELEMENTS)
    if not elements:
        raise ZaloError(-201, "elements")
    parts, pressed = [], []
    for index, element in enumerate(elements):
        if not isinstance(element, dict):
            raise ZaloError(-201, "elements")
        title = text_of(element, "title", MAX_TITLE)
        subtitle = text_of(element, "subtitle", MAX_SUBTITLE, needed=index == 0)
        picture = text_of(element, "image_url", MAX_URL, needed=False)
        action = _action(object_of(element, "default_action")) if "default_action" in element else None
        url = action["payload"]["url"] if action and action["type"] == "oa.open.url" else ""
        parts.append(
            {"type": "link", "payload": {"title": title, "thumbnail": picture, "description": subtitle, "url": url}}
        )
        if action:
            pressed.append({"title": title, **action})
    more = buttons(payload) if payload.get("buttons") else ()
    return MessageContent("list", tuple(parts), (*pressed, *more))


TEMPLATES: dict[str, Callable[[Platform, str, Json], MessageContent]] = {
    "media": _media,
    "request_user_info": _info,
    "list": _list,
}
