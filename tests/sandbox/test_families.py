"""The other families of calls, each along one journey: uploads, templates, articles, groups, calls, quotas."""

import pytest

from tests.sandbox.builders import DAY, Reply, article, broadcast, group, picture, upload
from tests.zalo import OA, PHONE, SandboxHarness

NOISE = bytes(range(256)) * 4_200  # Above 1 MB.


@pytest.mark.parametrize(
    ("kind", "name", "data", "code"),
    [
        ("image", "a.png", picture(), 0),
        ("image", "a.jpg", picture("JPEG"), 0),
        ("image", "a.gif", picture("GIF"), -201),
        ("image", "a.png", b"not a picture", -201),
        ("image", "a.png", picture("BMP"), -201),
        ("image", "a.png", picture() + NOISE, -210),
        ("gif", "a.gif", picture("GIF"), 0),
        ("gif", "a.gif", picture(), -201),
        ("file", "a.pdf", b"%PDF-1.7\n", 0),
        ("file", "a.docx", b"PK\x03\x04rest", 0),
        ("file", "a.doc", b"\xd0\xcf\x11\xe0rest", 0),
        ("file", "a.csv", b"a,b\n", 0),
        ("file", "a.exe", b"MZ", -201),
        ("file", "a.pdf", b"MZ", -201),
        ("file", "a.pdf", b"%PDF-" + NOISE * 5, -210),
        ("file", "a.pdf", b"", -201),
    ],
)  # fmt: skip
async def test_an_upload_is_checked_by_its_bytes(
    play: SandboxHarness, kind: str, name: str, data: bytes, code: int
) -> None:
    reply = await upload(play, kind, name, data)
    assert reply["error"] == code
    assert code or reply["data"]["token" if kind == "file" else "attachment_id"]


async def test_an_upload_that_is_no_upload_is_an_error_of_200(play: SandboxHarness) -> None:
    for headers, body in (
        ({}, b"a"),
        ({"content-type": "multipart/form-data"}, b"a"),
        ({"content-type": "multipart/form-data; boundary=x"}, b"a"),
    ):
        answer = await play.client.post(
            "/v2.0/oa/upload/image", content=body, headers={"access_token": play.token, **headers}
        )
        assert (answer.status_code, answer.json()["error"]) == (200, -201)


async def test_an_article_is_made_and_broadcast_to_followers_once_a_day(play: SandboxHarness) -> None:
    await play.at_hour(9)
    article_id = await article(play)
    assert (await broadcast(play, article_id))["error"] == 0
    assert (await broadcast(play, article_id))["error"] == 0
    inbox = await play.control("GET", f"/citizens/{play.citizen_id}/inbox")
    assert [message["text"] for message in inbox] == ["Cảnh báo"]
    listed = (await play.get("/v2.0/article/getslice", offset=0, limit=10, type="normal"))["data"]
    assert [each["id"] for each in listed["medias"]] == [article_id]
    assert (await play.get("/v2.0/article/getdetail", id=article_id))["data"]["title"] == "Cảnh báo"
    assert (await play.post("/v2.0/article/remove", {"id": article_id}))["error"] == 0
    assert (await play.get("/v2.0/article/getdetail", id=article_id))["error"] == -201


async def test_an_oa_reacts_and_takes_it_back(play: SandboxHarness) -> None:
    sent = await play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OA, "text": "a"})
    for icon, left in (("/-heart", 1), ("/-remove", 0)):
        action = {"react_message_id": sent["msg_id"], "react_icon": icon}
        body = {"recipient": {"user_id": play.user_id}, "sender_action": action}
        assert (await play.post("/v2.0/oa/message", body))["error"] == 0
        history = await play.control("GET", f"/citizens/{play.citizen_id}/history?oa_id={OA}")
        assert len(history[-1]["reactions"]) == left


async def test_a_group_lives_from_creation_to_deletion(play: SandboxHarness) -> None:
    made: Reply = (await group(play))["data"]
    where = {"group_id": made["group_id"]}
    other = (await play.control("POST", "/citizens", {"name": "Người Khác"}))["citizen_id"]
    await play.control("POST", f"/citizens/{other}/groups/{made['group_id']}", {"do": "request"})
    pending = (await play.get("/v3.0/oa/group/listpendinginvite", **where))["data"]["members"]
    them = {**where, "member_user_ids": [pending[0]["user_id"]]}
    assert (await play.post("/v3.0/oa/group/acceptpendinginvite", them))["error"] == 0
    assert (await play.post("/v3.0/oa/group/addadmins", them))["error"] == 0
    assert (await play.post("/v3.0/oa/group/message", {"recipient": where, "message": {"text": "họp tổ"}}))[
        "error"
    ] == 0
    await play.control("POST", f"/citizens/{other}/groups/{made['group_id']}", {"do": "send", "text": "vâng"})
    lines = (await play.get("/v3.0/oa/group/conversation", **where))["data"]
    assert [line["message"] for line in lines] == ["vâng", "họp tổ"]
    assert (await play.get("/v3.0/oa/group/getgroup", **where))["data"]["total_member"] == 2
    assert (await play.post("/v3.0/oa/group/removemembers", them))["error"] == 0
    assert (await play.post("/v3.0/oa/group/delete", where))["error"] == 0
    await play.quiet()
    assert play.gateway.names() == [
        "create_group", "user_request_join_group", "accept_request_join_group", "add_group_admin", "oa_send_group_text",
        "user_send_group_text", "user_out_group", "delete_group",
    ]  # fmt: skip


async def test_consent_to_a_call_is_asked_given_and_runs_out(play: SandboxHarness) -> None:
    request = {"phone": PHONE, "call_type": "audio", "reason_code": 101}
    check = ("/v2.0/oa/call/checkconsent", {"phone": PHONE})
    await play.at_hour(9)
    assert (await play.get(*check))["error"] == 20
    assert (await play.post("/v2.0/oa/call/requestconsent", request))["error"] == 0
    assert (await play.get(*check))["error"] == 2
    await play.control("POST", f"/citizens/{play.citizen_id}/consent", {"oa_id": OA})
    assert (await play.get(*check))["error"] == 0
    await play.at_hour(23)
    assert (await play.get(*check))["error"] == 18
    await play.pass_time(31 * DAY)
    await play.renew()
    assert (await play.get(*check))["error"] == 16
    assert play.gateway.names() == ["oa_send_consent", "user_reply_consent"]


@pytest.mark.parametrize(("answer", "code"), [("REFUSE", 3), ("USER_BLOCKED", 4)])
async def test_a_refusal_is_told(play: SandboxHarness, answer: str, code: int) -> None:
    await play.post("/v2.0/oa/call/requestconsent", {"phone": PHONE, "call_type": "audio", "reason_code": 101})
    await play.control("POST", f"/citizens/{play.citizen_id}/consent", {"oa_id": OA, "answer": answer})
    assert (await play.get("/v2.0/oa/call/checkconsent", {"phone": PHONE}))["error"] == code


async def test_a_call_link_lives_two_days(play: SandboxHarness) -> None:
    reply = await play.post("/v3.0/oa/call/outbound", {"user_id": play.user_id, "call_type": "audio"})
    assert reply["data"]["ttl"] == 172_800


async def test_quotas_are_told(play: SandboxHarness) -> None:
    mine = (await play.post("/v3.0/oa/quota/message", {"user_id": play.user_id}))["data"]
    assert set(mine) == {"last_interaction", "cs_reply", "promotion"}
    assert mine["last_interaction"].isdecimal()
    (asset,) = (await play.post("/v3.0/oa/quota/message", {"quota_owner": "OA", "product_type": "cs"}))["data"]
    assert set(asset) == {"asset_id", "product_type", "quota_type", "valid_through", "total", "remain"}
    old = (await play.post("/v2.0/oa/quota/message", {"user_id": play.user_id, "type": "promotion"}))["data"]
    assert set(old) == {"type", "remain", "total"}
    assert (await play.get("/message/quota"))["data"]["dailyQuota"] == 5000
    assert len((await play.post("/v3.0/oa/quota/group", {"quota_owner": "OA"}))["data"]) == 4


async def test_discontinued_kinds_are_refused(play: SandboxHarness) -> None:
    for kind in ("transaction", "promotion"):
        assert (await play.post(f"/v3.0/oa/message/{kind}", {}))["error"] == -233


async def test_pictures_that_exist_by_name_are_drawn(play: SandboxHarness) -> None:
    avatar = (await play.get("/v2.0/oa/getoa"))["data"]["avatar"]
    answer = await play.client.get(avatar)
    assert answer.headers["content-type"] == "image/png"
    assert (await play.client.get("/media/avatar/a.exe")).status_code == 404
