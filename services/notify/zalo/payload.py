"""One message as Zalo's JSON (consultation message, v3). Pure; an uploaded picture or file comes in as its reference.

Text is composed: Zalo counts and compares composed characters.
"""

from typing import Any

from contracts.message import Button, ButtonKind, MessagePart
from contracts.text import compose

Json = dict[str, Any]
_TITLE = 100
_CARD_TITLE = "Thông tin liên hệ"


def message_payload(
    part: MessagePart, reference: str = "", size: tuple[int, int] | None = None, card_image: str = ""
) -> Json:
    """`reference` is what the upload gave; `size` a GIF's width and height."""
    payload: Json = {"text": compose(part.text)} if part.text else {}
    if part.file is not None:
        return {"attachment": {"type": "file", "payload": {"token": reference}}}
    if part.image is not None:
        return payload | _template({"template_type": "media", "elements": [_picture(reference, size)]})
    if part.ask_info is not None:
        card = {"title": compose(part.text)[:_TITLE] or _CARD_TITLE, "subtitle": compose(part.ask_info) or _CARD_TITLE}
        if card_image:
            card["image_url"] = card_image
        return _template({"template_type": "request_user_info", "elements": [card]})
    if part.buttons:
        return payload | _template({"buttons": [_button(button) for button in part.buttons]})
    return payload


def _template(payload: Json) -> Json:
    return {"attachment": {"type": "template", "payload": payload}}


def _picture(reference: str, size: tuple[int, int] | None) -> Json:
    if size is not None:
        return {"media_type": "gif", "attachment_id": reference, "width": size[0], "height": size[1]}
    return {"media_type": "image", "attachment_id": reference}


def _button(button: Button) -> Json:
    title = compose(button.title)
    match button.kind:
        case ButtonKind.SHOW:
            return {"title": title, "type": "oa.query.show", "payload": button.payload}
        case ButtonKind.HIDE:
            return {"title": title, "type": "oa.query.hide", "payload": button.payload}
        case ButtonKind.URL:
            return {"title": title, "type": "oa.open.url", "payload": {"url": button.payload}}
        case ButtonKind.PHONE:
            return {"title": title, "type": "oa.open.phone", "payload": {"phone_code": button.payload}}
        case ButtonKind.SMS:
            words = compose(button.content or "")
            return {"title": title, "type": "oa.open.sms", "payload": {"content": words, "phone_code": button.payload}}
