"""Our parts as Zalo's JSON."""

from typing import Any

import pytest

from contracts.message import Asset, Button, ButtonKind, Part
from services.notify.zalo.shape import message

PICTURE = Asset(url="http://127.0.0.1:8001/a.png", name="a.png", media_type="image/png")


def buttons_of(told: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told["attachment"]["payload"]["buttons"]
    return found


def test_words_are_composed_characters() -> None:
    assert message(Part(text="ca\u0302\u0301p")) == {"text": "cấp"}


@pytest.mark.parametrize(
    ("button", "told"),
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
def test_each_kind_of_button(button: Button, told: dict[str, Any]) -> None:
    shaped = message(Part(text="Mời bạn chọn", buttons=(button,)))
    assert shaped["text"] == "Mời bạn chọn"
    assert buttons_of(shaped) == [{"title": "Lệ phí", **told}]


def test_a_picture_goes_by_its_upload_with_its_words() -> None:
    assert message(Part(text="Sơ đồ", image=PICTURE), "att-1") == {
        "text": "Sơ đồ",
        "attachment": {
            "type": "template",
            "payload": {"template_type": "media", "elements": [{"media_type": "image", "attachment_id": "att-1"}]},
        },
    }


def test_a_gif_tells_its_size() -> None:
    shaped = message(Part(image=PICTURE), "att-1", (320, 200))
    element = shaped["attachment"]["payload"]["elements"][0]
    assert element == {"media_type": "gif", "attachment_id": "att-1", "width": 320, "height": 200}


def test_a_file_goes_by_its_token() -> None:
    assert message(Part(file=PICTURE), "tok-1") == {"attachment": {"type": "file", "payload": {"token": "tok-1"}}}


def test_a_request_for_details_is_a_card_with_a_title() -> None:
    shaped = message(Part(text="Để phường gọi lại", ask_info="Xin cho biết số điện thoại"))
    assert shaped["attachment"]["payload"] == {
        "template_type": "request_user_info",
        "elements": [{"title": "Để phường gọi lại", "subtitle": "Xin cho biết số điện thoại"}],
    }
