"""Consultation messages: every kind that facts describe is taken, with its limits, and reaches the citizen."""

from typing import Any

import pytest

from tests.sandbox.builders import DAY, buttons, media, picture, upload
from tests.zalo import OA, SandboxHarness

TAKEN: dict[str, dict[str, Any]] = {
    "text": {"text": "a" * 2000},
    "five buttons": {"text": "Chọn", "attachment": buttons(5)},
    "a button that opens a link": {"text": "a", "attachment": buttons(type="oa.open.url", payload={"url": "https://a.vn"})},
    "a button that dials": {"text": "a", "attachment": buttons(type="oa.open.phone", payload={"phone_code": "84900000000"})},
    "a button that writes an SMS": {
        "text": "a",
        "attachment": buttons(type="oa.open.sms", payload={"phone_code": "84900000000", "content": "a"}),
    },
    "picture by url": {"attachment": media("image", url="https://a.vn/a.jpg")},
    "picture with words": {"text": "a", "attachment": media("image", url="https://a.vn/a.jpg")},
    "sticker": {"attachment": media("sticker", attachment_id="bfe458bf64fa8da4d4eb")},
    "asking for details": {
        "attachment": {
            "type": "template",
            "payload": {
                "template_type": "request_user_info",
                "elements": [{"title": "a" * 100, "subtitle": "b" * 500, "image_url": "https://a.vn/a.jpg"}],
            },
        }
    },
    "list": {
        "attachment": {
            "type": "template",
            "payload": {
                "template_type": "list",
                "elements": [
                    {
                        "title": "a", "subtitle": "b", "image_url": "https://a.vn/a.jpg",
                        "default_action": {"type": "oa.open.url", "url": "https://a.vn"},
                    },
                    {"title": "c", "default_action": {"type": "oa.query.hide", "payload": "#c"}},
                ],
            },
        }
    },
}  # fmt: skip

REFUSED: dict[str, tuple[int, dict[str, Any]]] = {
    "no words": (-201, {"text": " "}),
    "words that are a number": (-201, {"text": 5}),
    "2,001 characters": (-210, {"text": "a" * 2001}),
    "six buttons": (-210, {"text": "a", "attachment": buttons(6)}),
    "no button": (-201, {"text": "a", "attachment": buttons(0)}),
    "buttons without words": (-201, {"attachment": buttons()}),
    "a button of no kind": (-201, {"text": "a", "attachment": buttons(type="oa.open.door")}),
    "a payload of 1,001 characters": (-210, {"text": "a", "attachment": buttons(payload="a" * 1001)}),
    "a title of 101 characters": (-210, {"text": "a", "attachment": buttons(title="a" * 101)}),
    "an attachment id of nobody's": (-100, {"attachment": media("image", attachment_id="1")}),
    "a file token of nobody's": (-100, {"attachment": {"type": "file", "payload": {"token": "1"}}}),
    "a gif without its size": (-100, {"attachment": media("gif", attachment_id="1")}),
    "an unknown media type": (-233, {"attachment": media("hologram", url="https://a.vn")}),
    "an unknown template": (-233, {"attachment": {"type": "template", "payload": {"template_type": "poem"}}}),
    "an attachment that is a list": (-201, {"attachment": []}),
    "two elements to ask details with": (
        -210,
        {"attachment": {"type": "template", "payload": {"template_type": "request_user_info", "elements": [{}, {}]}}},
    ),
    "a first element without subtitle": (
        -201,
        {"attachment": {"type": "template", "payload": {"template_type": "list", "elements": [{"title": "a"}]}}},
    ),
}


@pytest.mark.parametrize("name", TAKEN)
async def test_is_taken_and_reaches_the_citizen(play: SandboxHarness, name: str) -> None:
    reply = await play.send("", **TAKEN[name])
    assert reply["error"] == 0
    assert reply["data"]["quota"] == {"quota_type": "reply"}
    inbox = await play.control("GET", f"/citizens/{play.citizen_id}/inbox?oa_id={OA}")
    assert [message["message_id"] for message in inbox] == [reply["data"]["message_id"]]


@pytest.mark.parametrize("name", REFUSED)
async def test_is_refused(play: SandboxHarness, name: str) -> None:
    code, message = REFUSED[name]
    reply = await play.send("", **message)
    assert reply["error"] == code
    assert "data" not in reply


async def test_what_was_uploaded_can_be_sent(play: SandboxHarness) -> None:
    gif = (await upload(play, "gif", "a.gif", picture("GIF")))["data"]["attachment_id"]
    image = (await upload(play))["data"]["attachment_id"]
    token = (await upload(play, "file", "a.pdf", b"%PDF-1.4\n"))["data"]["token"]
    assert (await play.send("", attachment=media("gif", attachment_id=gif, width=8, height=8)))["error"] == 0
    assert (await play.send("", attachment=media("image", attachment_id=image)))["error"] == 0
    assert (await play.send("", attachment={"type": "file", "payload": {"token": token}}))["error"] == 0
    shown = await play.control("GET", f"/citizens/{play.citizen_id}/inbox")
    assert [message["kind"] for message in shown] == ["gif", "image", "file"]
    url = shown[2]["attachments"][0]["payload"]["url"]
    assert (await play.client.get(url)).content == b"%PDF-1.4\n"


async def test_a_gif_needs_its_size(play: SandboxHarness) -> None:
    gif = (await upload(play, "gif", "a.gif", picture("GIF")))["data"]["attachment_id"]
    assert (await play.send("", attachment=media("gif", attachment_id=gif)))["error"] == -210


async def test_length_is_counted_after_composition(play: SandboxHarness) -> None:
    assert (await play.send("e\u0302\u0301" * 2000))["error"] == 0  # Three code points, one letter: ế.


async def test_between_48_hours_and_7_days_a_message_is_billed(play: SandboxHarness) -> None:
    await play.pass_time(2 * DAY + 1)
    await play.renew()
    before = play.platform.network.account(OA).balance
    assert "quota" not in (await play.send())["data"]
    assert play.platform.network.account(OA).balance == before - 55


async def test_the_package_pays_before_the_wallet(play: SandboxHarness) -> None:
    await play.control("PUT", f"/oas/{OA}/state", {"sub_quota": 1})
    await play.pass_time(2 * DAY + 1)
    await play.renew()
    assert (await play.send())["data"]["quota"]["quota_type"] == "sub_quota"
    assert "quota" not in (await play.send())["data"]


async def test_the_reply_has_text_for_ids_and_times(play: SandboxHarness) -> None:
    data = (await play.send())["data"]
    assert isinstance(data["message_id"], str)
    assert data["user_id"] == play.user_id
    assert data["sent_time"].isdecimal()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'"a"', b'{"recipient":1}', b"\xff", b'{"message":{"text":"\\ud800"}}']
)
async def test_a_body_that_is_no_request_is_an_error_of_200(play: SandboxHarness, body: bytes) -> None:
    answer = await play.client.post("/v3.0/oa/message/cs", content=body, headers={"access_token": play.token})
    assert answer.status_code == 200
    assert answer.json()["error"] == -201


async def test_a_body_beyond_bounds_is_refused(play: SandboxHarness) -> None:
    answer = await play.client.post(
        "/v3.0/oa/message/cs", content=b"a" * 1_000_001, headers={"access_token": play.token}
    )
    assert answer.json()["error"] == -210


async def test_rates_are_told_and_kept(play: SandboxHarness) -> None:
    await play.control("PUT", "/limits", {"oa_per_minute": 1_000})
    body = {"recipient": {"user_id": play.user_id}, "message": {"text": "a"}}
    answer = await play.client.post("/v3.0/oa/message/cs", json=body, headers={"access_token": play.token})
    assert answer.headers["x-ratelimit-limit"] == "1000"
    assert answer.headers["x-ratelimit-remain"] == "999"


async def test_an_address_nobody_knows_is_empty_api(play: SandboxHarness) -> None:
    answer = await play.client.post("/v3.0/oa/message/nowhere", headers={"access_token": play.token})
    assert (answer.status_code, answer.json()["error"]) == (404, 404)
