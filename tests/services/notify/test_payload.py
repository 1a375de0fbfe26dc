"""Our parts as Zalo's JSON."""

from typing import Any

import pytest

from contracts.message import Asset, Button, ButtonKind, MessagePart
from services.notify.zalo.payload import message_payload

PICTURE = Asset(url="http://127.0.0.1:8001/a.png", name="a.png", media_type="image/png")


def buttons_of(payload: dict[str, Any]) -> list[dict[str, Any]]:
    buttons: list[dict[str, Any]] = payload["attachment"]["payload"]["buttons"]
    return buttons


def test_words_are_composed_characters() -> None:
    assert message_payload(MessagePart(text="ca\u0302\u0301p")) == {"text": "cấp"}


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        (Button(title="Lệ phí", payload="#fee"), {"type": "oa.query.show", "payload": "#fee"}),
        (
            Button(title="Lệ phí", kind=ButtonKind.HIDE, payload="#fee"),
            {"type": "oa.query.hide", "payload": "#fee"},
        ),
        (
            Button(title="Lệ phí", kind=ButtonKind.URL, payload="https://example.vn"),
            {"type": "oa.open.url", "payload": {"url": "https://example.vn"}},
        ),
        (
            Button(title="Lệ phí", kind=ButtonKind.PHONE, payload="113"),
            {"type": "oa.open.phone", "payload": {"phone_code": "113"}},
        ),
        (
            Button(title="Lệ phí", kind=ButtonKind.SMS, payload="113", content="cứu"),
            {"type": "oa.open.sms", "payload": {"content": "cứu", "phone_code": "113"}},
        ),
    ],
)
def test_each_kind_of_button(button: Button, expected: dict[str, Any]) -> None:
    payload = message_payload(MessagePart(text="Mời bạn chọn", buttons=(button,)))
    assert payload["text"] == "Mời bạn chọn"
    assert buttons_of(payload) == [{"title": "Lệ phí", **expected}]


def test_a_picture_goes_by_its_upload_with_its_words() -> None:
    assert message_payload(MessagePart(text="Sơ đồ", image=PICTURE), "att-1") == {
        "text": "Sơ đồ",
        "attachment": {
            "type": "template",
            "payload": {"template_type": "media", "elements": [{"media_type": "image", "attachment_id": "att-1"}]},
        },
    }


def test_a_gif_carries_its_size() -> None:
    payload = message_payload(MessagePart(image=PICTURE), "att-1", (320, 200))
    element = payload["attachment"]["payload"]["elements"][0]
    assert element == {"media_type": "gif", "attachment_id": "att-1", "width": 320, "height": 200}


def test_a_file_goes_by_its_token() -> None:
    assert message_payload(MessagePart(file=PICTURE), "tok-1") == {
        "attachment": {"type": "file", "payload": {"token": "tok-1"}}
    }


def test_a_request_for_details_is_a_card_with_a_title() -> None:
    payload = message_payload(MessagePart(text="Để phường gọi lại", ask_info="Xin cho biết số điện thoại"))
    assert payload["attachment"]["payload"] == {
        "template_type": "request_user_info",
        "elements": [{"title": "Để phường gọi lại", "subtitle": "Xin cho biết số điện thoại"}],
    }
