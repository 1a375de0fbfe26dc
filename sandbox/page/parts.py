"""What a message carries besides words, drawn: pictures, sounds, files, places, links, cards."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from nicegui.element import Element

from sandbox.page.buttons import Hands, button, own_buttons
from sandbox.page.html import el, icon, press, words
from sandbox.page.links import host, safe
from sandbox.page.words import size
from sandbox.people import Json, Message

OPEN_MAP = "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}"


@dataclass(frozen=True, slots=True)
class Part:
    """One attachment, and who may press what is on it."""

    message: Message
    payload: Json
    first: bool
    hands: Hands | None

    def text(self, name: str) -> str:
        value = self.payload.get(name)
        return value if isinstance(value, str) else ""


def draw(message: Message, hands: Hands | None) -> None:
    """Every attachment of the message, into the current element."""
    for nth, attachment in enumerate(message.attachments):
        kind, payload = attachment.get("type"), attachment.get("payload")
        if not isinstance(payload, dict):
            continue
        part = Part(message, payload, nth == 0, hands)
        if kind == "link" and message.kind in ("business_card", "list"):
            kind = message.kind
        DRAWINGS.get(str(kind), _unknown)(part)


def _picture(part: Part) -> None:
    url, small = safe(part.text("url")), safe(part.text("thumbnail"))
    name = part.text("description") or ("Ảnh động" if part.message.kind == "gif" else "Hình ảnh")
    with el(
        "a", "picture", href=url or False, target="_blank", rel="noopener noreferrer", aria_label=f"Mở {name.lower()}"
    ):
        el("img", src=url if part.message.kind == "gif" else small or url, alt=name)


def _sticker(part: Part) -> None:
    el("img", "sticker", src=safe(part.text("url")), alt="Nhãn dán", width="112", height="112")


def _audio(part: Part) -> None:
    url = safe(part.text("url"))
    with el("div", "sound"):
        el("audio", controls=True, preload="metadata", src=url, aria_label="Tin nhắn thoại")
        words("a", "Tải về", "quiet", href=url or False, target="_blank", rel="noopener noreferrer", download=True)


def _video(part: Part) -> None:
    el("video", "film", controls=True, preload="metadata", src=safe(part.text("url")), aria_label="Video")
    if part.text("description"):
        words("p", part.text("description"), "caption")


def _file(part: Part) -> None:
    count = part.text("size")
    about = [part.text("type").upper()[:8]] * bool(part.text("type"))
    about += [size(int(count))] * (count.isascii() and count.isdigit() and len(count) < len("1000000000000"))
    with _card("a", safe(part.text("url")), "description"):
        words("strong", part.text("name") or "Tệp", "card-title")
        words("span", " · ".join(about) or "Tệp", "card-about")


def _location(part: Part) -> None:
    at = part.payload.get("coordinates")
    told = at if isinstance(at, dict) else {}
    try:
        latitude, longitude = float(told["latitude"]), float(told["longitude"])
    except (KeyError, TypeError, ValueError):
        return _unknown(part)
    north, east = ("B" if latitude >= 0 else "N"), ("Đ" if longitude >= 0 else "T")
    target = OPEN_MAP.format(latitude=latitude, longitude=longitude)
    with el("a", "place", href=target, target="_blank", rel="noopener noreferrer"):
        with el("span", "place-map", aria_hidden="true"):
            icon("place")
        words("strong", "Vị trí đã chia sẻ", "card-title")
        words("span", f"{abs(latitude):.5f}° {north}, {abs(longitude):.5f}° {east}", "card-about")
    return None


def _link(part: Part) -> None:
    url = safe(part.text("url"))
    with _card("a", url, "link", safe(part.text("thumbnail"))):
        words("strong", part.text("title") or part.text("description") or "Liên kết", "card-title")
        if part.text("title") and part.text("description"):
            words("span", part.text("description"), "card-about")
        words("span", host(url), "card-about")


def _element(part: Part) -> None:
    """One row of a list; the first is larger and has its picture on top."""
    image, nth = safe(part.text("thumbnail")), own_buttons(part.message).get(part.text("title"))
    css = "card card-first" if part.first and image else "card"
    with el("div", css) if nth is None else button(part.message, nth, part.hands, css):
        if image:
            el("img", "card-picture", src=image, alt="")
        with el("span", "card-words"):
            words("strong", part.text("title"), "card-title")
            if part.text("description"):
                words("span", part.text("description"), "card-about")
        if nth is not None:
            icon("chevron_right", "card-go")


def _business_card(part: Part) -> None:
    try:
        told = json.loads(part.text("description"))
    except ValueError:
        told = {}
    phone = told.get("phone") if isinstance(told, dict) else None
    with _card("div", "", "contact_phone"):
        words("strong", "Danh thiếp", "card-title")
        words("span", str(phone or "Không có số điện thoại"), "card-about")


def _asked(part: Part) -> None:
    """The OA asks for the citizen's details."""
    image = safe(part.text("image_url"))
    if image:
        el("img", "cover", src=image, alt="")
    words("strong", part.text("title"), "card-title")
    words("p", part.text("subtitle"), "card-about")
    if part.hands is not None:
        press("Cung cấp thông tin", part.hands.fill_in, "answer")


def _unknown(part: Part) -> None:
    del part
    words("p", "Nội dung này chưa xem được ở đây.", "caption")


def _card(tag: str, url: str, mark: str, image: str = "", css: str = "") -> Element:
    """A mark or picture at the left; what is drawn into the returned element stands beside it."""
    open_in = {"href": url, "target": "_blank", "rel": "noopener noreferrer"} if url else {}
    with el(tag, f"card {css}", **open_in):
        if image:
            el("img", "card-picture", src=image, alt="")
        else:
            icon(mark, "card-mark")
        return el("span", "card-words")


DRAWINGS: dict[str, Callable[[Part], None]] = {
    "image": _picture,
    "gif": _picture,
    "sticker": _sticker,
    "audio": _audio,
    "video": _video,
    "file": _file,
    "location": _location,
    "link": _link,
    "list": _element,
    "business_card": _business_card,
    "request_user_info": _asked,
}
