"""What a message carries besides text, drawn: pictures, sounds, files, places, links, cards."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from nicegui.element import Element

from sandbox.page.buttons import MessageActions, button, own_buttons
from sandbox.page.html import el, icon, press, words
from sandbox.page.links import host, safe
from sandbox.page.words import size
from sandbox.people import Json, Message

OPEN_MAP = "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}"


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """One attachment, and who may press what is on it."""

    message: Message
    payload: Json
    first: bool
    actions: MessageActions | None

    def text(self, name: str) -> str:
        value = self.payload.get(name)
        return value if isinstance(value, str) else ""


def draw(message: Message, actions: MessageActions | None) -> None:
    """Every attachment of the message, into the current element."""
    for index, attachment in enumerate(message.attachments):
        kind, payload = attachment.get("type"), attachment.get("payload")
        if not isinstance(payload, dict):
            continue
        view = AttachmentView(message, payload, index == 0, actions)
        if kind == "link" and message.kind in ("business_card", "list"):
            kind = message.kind
        DRAWINGS.get(str(kind), _unknown)(view)


def _picture(view: AttachmentView) -> None:
    url, small = safe(view.text("url")), safe(view.text("thumbnail"))
    name = view.text("description") or ("Ảnh động" if view.message.kind == "gif" else "Hình ảnh")
    with el(
        "a", "picture", href=url or False, target="_blank", rel="noopener noreferrer", aria_label=f"Mở {name.lower()}"
    ):
        el("img", src=url if view.message.kind == "gif" else small or url, alt=name)


def _sticker(view: AttachmentView) -> None:
    el("img", "sticker", src=safe(view.text("url")), alt="Nhãn dán", width="112", height="112")


def _audio(view: AttachmentView) -> None:
    url = safe(view.text("url"))
    with el("div", "sound"):
        el("audio", controls=True, preload="metadata", src=url, aria_label="Tin nhắn thoại")
        words("a", "Tải về", "quiet", href=url or False, target="_blank", rel="noopener noreferrer", download=True)


def _video(view: AttachmentView) -> None:
    el("video", "film", controls=True, preload="metadata", src=safe(view.text("url")), aria_label="Video")
    if view.text("description"):
        words("p", view.text("description"), "caption")


def _file(view: AttachmentView) -> None:
    count = view.text("size")
    about = [view.text("type").upper()[:8]] * bool(view.text("type"))
    about += [size(int(count))] * (count.isascii() and count.isdigit() and len(count) < len("1000000000000"))
    with _card("a", safe(view.text("url")), "description"):
        words("strong", view.text("name") or "Tệp", "card-title")
        words("span", " · ".join(about) or "Tệp", "card-about")


def _location(view: AttachmentView) -> None:
    at = view.payload.get("coordinates")
    coordinates = at if isinstance(at, dict) else {}
    try:
        latitude, longitude = float(coordinates["latitude"]), float(coordinates["longitude"])
    except (KeyError, TypeError, ValueError):
        return _unknown(view)
    north, east = ("B" if latitude >= 0 else "N"), ("Đ" if longitude >= 0 else "T")
    target = OPEN_MAP.format(latitude=latitude, longitude=longitude)
    with el("a", "place", href=target, target="_blank", rel="noopener noreferrer"):
        with el("span", "place-map", aria_hidden="true"):
            icon("place")
        words("strong", "Vị trí đã chia sẻ", "card-title")
        words("span", f"{abs(latitude):.5f}° {north}, {abs(longitude):.5f}° {east}", "card-about")
    return None


def _link(view: AttachmentView) -> None:
    url = safe(view.text("url"))
    with _card("a", url, "link", safe(view.text("thumbnail"))):
        words("strong", view.text("title") or view.text("description") or "Liên kết", "card-title")
        if view.text("title") and view.text("description"):
            words("span", view.text("description"), "card-about")
        words("span", host(url), "card-about")


def _element(view: AttachmentView) -> None:
    """One row of a list; the first is larger and has its picture on top."""
    image, index = safe(view.text("thumbnail")), own_buttons(view.message).get(view.text("title"))
    css = "card card-first" if view.first and image else "card"
    with el("div", css) if index is None else button(view.message, index, view.actions, css):
        if image:
            el("img", "card-picture", src=image, alt="")
        with el("span", "card-words"):
            words("strong", view.text("title"), "card-title")
            if view.text("description"):
                words("span", view.text("description"), "card-about")
        if index is not None:
            icon("chevron_right", "card-go")


def _business_card(view: AttachmentView) -> None:
    try:
        card = json.loads(view.text("description"))
    except ValueError:
        card = {}
    phone = card.get("phone") if isinstance(card, dict) else None
    with _card("div", "", "contact_phone"):
        words("strong", "Danh thiếp", "card-title")
        words("span", str(phone or "Không có số điện thoại"), "card-about")


def _info_request(view: AttachmentView) -> None:
    """The OA asks for the citizen's details."""
    image = safe(view.text("image_url"))
    if image:
        el("img", "cover", src=image, alt="")
    words("strong", view.text("title"), "card-title")
    words("p", view.text("subtitle"), "card-about")
    if view.actions is not None:
        press("Cung cấp thông tin", view.actions.fill_in, "answer")


def _unknown(view: AttachmentView) -> None:
    del view
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


DRAWINGS: dict[str, Callable[[AttachmentView], None]] = {
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
    "request_user_info": _info_request,
}
