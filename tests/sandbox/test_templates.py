"""Templates by phone, by hashed phone and by UID: sent, received, rated; written and reviewed."""

import hashlib

import pytest

from tests.sandbox.builders import DAY
from tests.sandbox.situations_by_phone import NEW, STATUS_DATA, send
from tests.zalo import OA, PHONE, SandboxHarness


async def test_a_template_by_phone_reaches_the_citizen_and_its_receipt_says_so(play: SandboxHarness) -> None:
    reply = await send(play, tracking_id="ma-1")
    assert set(reply["data"]) == {"msg_id", "sent_time", "sending_mode", "quota"}
    assert reply["data"]["quota"] == {"dailyQuota": "5000", "remainingQuota": "4999"}
    inbox = await play.control("GET", f"/citizens/{play.citizen_id}/inbox")
    assert inbox[0]["text"] == "Kính gửi Bà Thử, hồ sơ H01-1 hiện ở trạng thái: Đã xong. Cập nhật ngày 22/11/2026."
    await play.quiet()
    (delivery,) = play.gateway.deliveries
    assert (delivery.name, delivery.headers["X-ZEvent-Server"]) == ("user_received_message", "ZNS")
    assert delivery.event["recipient"] == {"id": PHONE}
    assert delivery.event["message"]["tracking_id"] == "ma-1"
    status = await play.get("/message/status", message_id=reply["data"]["msg_id"])
    assert status["data"]["status"] == 1


@pytest.mark.parametrize("phone", [PHONE, f"+{PHONE}", f"0{PHONE[2:]}"])
async def test_a_phone_number_has_three_spellings(play: SandboxHarness, phone: str) -> None:
    assert (await send(play, phone=phone))["error"] == 0


async def test_a_template_by_hashed_phone(play: SandboxHarness) -> None:
    body = {
        "hash_phone": hashlib.sha256(PHONE.encode()).hexdigest(),
        "template_id": "700001",
        "template_data": STATUS_DATA,
    }
    assert (await play.post("/message/template/hashphone", body))["error"] == 0


async def test_a_template_by_uid_needs_no_window(play: SandboxHarness) -> None:
    await play.pass_time(30 * DAY)
    await play.renew()
    body = {"user_id": play.user_id, "template_id": "700001", "template_data": STATUS_DATA}
    reply = await play.post("/v3.0/oa/message/template", body)
    assert set(reply["data"]) == {"message_id", "user_id", "sent_time"}


async def test_a_template_is_written_reviewed_and_used(play: SandboxHarness) -> None:
    made = (await play.post("/template/create", NEW))["data"]["template_id"]
    assert (await send(play, made, {"name": "Bà Thử"}))["error"] == -131
    await play.control("PUT", f"/templates/{made}", {"status": "ENABLE"})
    await play.quiet()
    assert play.gateway.deliveries[-1].event["status"] == {"prev_status": "PENDING_REVIEW", "new_status": "ENABLE"}
    assert (await send(play, made, {"name": "Bà Thử"}))["error"] == 0
    info = (await play.get("/template/info/v2", template_id=made))["data"]
    assert [param["name"] for param in info["listParams"]] == ["name"]
    listed = (await play.get("/template/all", offset=0, limit=100, status=1))["data"]
    assert int(made) in [each["templateId"] for each in listed]
    assert (await play.get("/template/sample-data", template_id=made))["data"] == {"name": "<name>"}


async def test_a_rating_comes_back_without_a_user(play: SandboxHarness) -> None:
    sent = await send(play, "700005", {"name": "Bà Thử", "code": "H01-1"}, tracking_id="ma-2")
    rating = {"oa_id": OA, "message_id": sent["data"]["msg_id"], "rate": 5}
    await play.control("POST", f"/citizens/{play.citizen_id}/rate", rating)
    event = play.gateway.deliveries[-1].event
    assert (event["message"]["rate"], event["message"]["tracking_id"]) == (5, "ma-2")
    assert play.user_id not in play.gateway.deliveries[-1].body.decode()
    ratings = (await play.post("/rating/get", {"template_id": "700005"}))["data"]
    assert ratings["total"] == 1
