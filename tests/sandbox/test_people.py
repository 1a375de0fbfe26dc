"""What citizens do through the control API, and what the OA then finds in users, conversations and tags."""

import asyncio
import base64
from typing import Any

import pytest

from tests.sandbox.builders import buttons, picture
from tests.zalo import OA, SandboxHarness

BYTES = base64.b64encode(picture()).decode()
FILE = {"name": "Ảnh chụp.png", "content_base64": BYTES}

SENDINGS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "image": ({"file": FILE}, {"thumbnail", "url"}),
    "gif": ({"file": FILE}, {"thumbnail", "url"}),
    "audio": ({"file": {"name": "a.amr", "content_base64": BYTES}}, {"url"}),
    "video": ({"file": {"name": "a.mp4", "content_base64": BYTES}}, {"url", "thumbnail", "description"}),
    "file": ({"file": {"name": "a.pdf", "content_base64": BYTES}}, {"size", "name", "checksum", "type", "url"}),
    "link": ({"url": "https://a.vn", "description": "a"}, {"thumbnail", "description", "url"}),
    "business_card": ({"phone": "84900000009"}, {"thumbnail", "description", "url"}),
    "sticker": ({"sticker_id": "25012"}, {"url", "id"}),
    "location": ({"latitude": 10.8, "longitude": 106.6}, {"coordinates"}),
}


async def act(play: SandboxHarness, action: str, **body: Any) -> dict[str, Any]:
    result: dict[str, Any] = await play.control("POST", f"/citizens/{play.citizen_id}/{action}", {"oa_id": OA, **body})
    return result


@pytest.mark.parametrize("kind", SENDINGS)
async def test_each_kind_of_message_is_an_event_of_its_shape(play: SandboxHarness, kind: str) -> None:
    body, members = SENDINGS[kind]
    await act(play, "send", kind=kind, **body)
    event = play.gateway.deliveries[-1].event
    assert event["event_name"] == f"user_send_{kind}"
    assert set(event["message"]["attachments"][0]["payload"]) == set(members)
    assert play.gateway.deliveries[-1].rightly_signed()


async def test_the_bytes_behind_a_link_are_those_that_were_sent(play: SandboxHarness) -> None:
    await act(play, "send", kind="image", file=FILE)
    payload = play.gateway.deliveries[-1].event["message"]["attachments"][0]["payload"]
    answer = await play.client.get(payload["url"])
    assert (answer.content, answer.headers["content-type"]) == (picture(), "image/png")
    assert (await play.client.get(payload["thumbnail"])).headers["content-type"] == "image/jpeg"
    await play.pass_time(31 * 86_400)
    assert (await play.client.get(payload["url"])).status_code == 404


async def test_a_position_travels_as_text(play: SandboxHarness) -> None:
    await act(play, "send", kind="location", latitude=10.8639, longitude=106.6543)
    payload = play.gateway.deliveries[-1].event["message"]["attachments"][0]["payload"]
    assert payload == {"coordinates": {"latitude": "10.8639", "longitude": "106.6543"}}


@pytest.mark.parametrize("body", [{}, {"kind": "image"}, {"kind": "location"}, {"kind": "link"}, {"kind": "hologram"}])
async def test_a_sending_without_what_it_needs_is_refused(play: SandboxHarness, body: dict[str, Any]) -> None:
    answer = await play.client.post(f"/sandbox/citizens/{play.citizen_id}/send", json={"oa_id": OA, **body})
    assert answer.status_code in (400, 422)


async def test_broken_base64_is_refused(play: SandboxHarness) -> None:
    body = {"oa_id": OA, "kind": "file", "file": {"name": "a", "content_base64": "%"}}
    assert (await play.client.post(f"/sandbox/citizens/{play.citizen_id}/send", json=body)).status_code == 400


async def test_nobody_can_act_for_who_does_not_exist(play: SandboxHarness) -> None:
    for path, oa_id in (("c99", OA), (play.citizen_id, "1")):
        answer = await play.client.post(f"/sandbox/citizens/{path}/send", json={"oa_id": oa_id, "text": "a"})
        assert answer.status_code == 404


async def test_a_tapped_button_arrives_as_words(play: SandboxHarness) -> None:
    message_id = (await play.send("Chọn", attachment=buttons()))["data"]["message_id"]
    await play.quiet()
    assert (await act(play, "tap", message_id=message_id, button=0))["webhook"]["status"] == 200
    event = play.gateway.deliveries[-1].event
    assert (event["event_name"], event["message"]["text"]) == ("user_send_text", "#co")
    history = await play.control("GET", f"/citizens/{play.citizen_id}/history?oa_id={OA}")
    assert history[-1]["text"] == "#co"


async def test_a_hidden_button_says_its_words_unseen(play: SandboxHarness) -> None:
    message_id = (await play.send("Chọn", attachment=buttons(type="oa.query.hide")))["data"]["message_id"]
    await act(play, "tap", message_id=message_id, button="Có")
    history = await play.control("GET", f"/citizens/{play.citizen_id}/history?oa_id={OA}")
    assert history[-1]["kind"] == "hidden"
    assert play.gateway.deliveries[-1].name == "user_send_text"


async def test_a_link_button_opens_and_says_nothing(play: SandboxHarness) -> None:
    link = buttons(type="oa.open.url", payload={"url": "https://a.vn"})
    message_id = (await play.send("Xem", attachment=link))["data"]["message_id"]
    await play.quiet()
    before = len(play.gateway.deliveries)
    result = await act(play, "tap", message_id=message_id, button=0)
    assert result["opens"] == {"type": "oa.open.url", "url": "https://a.vn"}
    assert len(play.gateway.deliveries) == before


async def test_the_other_actions_are_their_events(play: SandboxHarness) -> None:
    message_id = (await play.send())["data"]["message_id"]
    await play.quiet()
    play.gateway.deliveries.clear()
    await act(play, "react", message_id=message_id, icon="/-heart")
    await act(play, "call", call_type="VIDEO")
    await act(play, "submit-info", name="Bà Thử", phone="84900000001", full_address={"user_city": "Tỉnh"})
    await act(play, "unfollow")
    await act(play, "withdraw")
    assert play.gateway.names() == [
        "user_reacted_message",
        "user_call_oa",
        "user_submit_info",
        "unfollow",
        "user_withdraw",
    ]
    assert all(each.rightly_signed() for each in play.gateway.deliveries)
    assert play.gateway.deliveries[2].event["info"]["full_address"] == {"user_city": "Tỉnh"}


async def test_pressing_chat_is_told_once_and_lets_the_oa_write_first(play: SandboxHarness) -> None:
    other = (await play.control("POST", "/citizens", {"name": "Người Mới"}))["citizen_id"]
    play.citizen_id, play.user_id = other, play.platform.network.contact(other, OA).user_id
    assert (await play.send())["error"] == -232
    assert [(await act(play, "chatnow"))["webhook"]["status"] for _ in range(2)] == [200, -1]
    assert (await play.send())["error"] == 0
    assert play.gateway.deliveries[0].event["user_id"] == play.user_id


async def test_the_link_behind_a_qr_leads_to_the_chat(play: SandboxHarness) -> None:
    assert (await play.client.get(f"/{OA}")).headers["location"] == "/"
    assert (await play.client.get("/12345")).status_code == 404


async def test_an_inbox_waits_for_the_first_message(play: SandboxHarness) -> None:
    waiting = asyncio.create_task(play.control("GET", f"/citizens/{play.citizen_id}/inbox?wait=5"))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await play.send("đây")
    first = await waiting
    assert [message["text"] for message in first] == ["đây"]
    assert await play.control("GET", f"/citizens/{play.citizen_id}/inbox?after={first[0]['seq']}") == []


async def test_the_same_citizen_is_somebody_else_to_every_oa(play: SandboxHarness) -> None:
    ids = (await play.control("GET", f"/citizens/{play.citizen_id}"))["user_ids"]
    assert len(set(ids.values())) == len(ids) == 5
    assert all(len(user_id) == 19 and user_id.isdecimal() for user_id in ids.values())
    assert play.citizen_id not in ids.values()


async def test_answers_of_many_citizens_are_read_in_one_list(play: SandboxHarness) -> None:
    made = (await play.control("POST", "/bulk", {"citizens": 300, "oa_id": OA}))["citizens"]
    for each in made:
        body = {"recipient": {"user_id": each["user_id"]}, "message": {"text": each["citizen_id"]}}
        assert (await play.post("/v3.0/oa/message/cs", body))["error"] == 0
    rows, after = [], 0
    while page := await play.control("GET", f"/bulk/answers?after={after}&limit=100"):
        rows += page
        after = page[-1]["seq"]
    assert [row["citizen"] for row in rows] == [row["text"] for row in rows] == [each["citizen_id"] for each in made]
    assert set(rows[0]) == {"citizen", "oa", "text", "message_id", "at_ms", "seq"}


async def test_every_call_is_kept_for_assertions(play: SandboxHarness) -> None:
    await play.send("kiểm tra")
    (call,) = await play.control("GET", "/requests")
    assert (call["method"], call["path"], call["error"], call["oa_id"]) == ("POST", "/v3.0/oa/message/cs", 0, OA)
    assert call["body"]["message"]["text"] == "kiểm tra"
    assert await play.control("GET", f"/requests?after={call['seq']}") == []
