"""How each error code of business.openapi.zalo.me, and of OAuth, is met."""

from typing import Any

from tests.sandbox.builders import DAY, OA_STATE, Reply
from tests.sandbox.situations import Situation
from tests.zalo import APP_ID, APP_SECRET, OA, OTHER_OA, PHONE, SandboxHarness

STATUS_DATA = {"name": "Bà Thử", "dossier_code": "H01-1", "status": "Đã xong", "date": "22/11/2026"}
NEW: Reply = {"template_name": "Mới", "text": "<name>", "params": [{"name": "name", "type": "name"}]}


async def send(play: SandboxHarness, template_id: str = "700001", data: Any = STATUS_DATA, **more: Any) -> Reply:
    body = {"phone": PHONE, "template_id": template_id, "template_data": data, **more}
    return await play.post("/message/template", body)


def sent(template_id: str = "700001", data: Any = STATUS_DATA, **more: Any) -> Situation:
    return lambda play: send(play, template_id, data, **more)


def where(path: str, state: dict[str, Any], **more: Any) -> Situation:
    """Send after a control call has changed something."""

    async def situation(play: SandboxHarness) -> Reply:
        await play.control("PUT", path, state)
        return await send(play, **more)

    return situation


def citizen(**state: Any) -> Situation:
    async def situation(play: SandboxHarness) -> Reply:
        await play.control("PUT", f"/citizens/{play.citizen_id}/state", state)
        return await send(play)

    return situation


def posted(path: str, body: Any) -> Situation:
    return lambda play: play.post(path, body)


async def empty_body(play: SandboxHarness) -> Reply:
    return await play.post("/message/template")


async def broken_body(play: SandboxHarness) -> Reply:
    return await play.post("/message/template", content=b"{")


async def wrong_method(play: SandboxHarness) -> Reply:
    return await play.get("/message/template")


async def wrong_proof(play: SandboxHarness) -> Reply:
    return await play.post("/message/template", {}, headers={"appsecret_proof": "0" * 64})


async def dead_token(play: SandboxHarness) -> Reply:
    await play.renew()
    return await play.post("/message/template", {}, "spent")


async def edit_approved(play: SandboxHarness) -> Reply:
    made = (await play.post("/template/create", NEW))["data"]["template_id"]
    await play.control("PUT", f"/templates/{made}", {"status": "ENABLE"})
    return await play.post("/template/edit", {**NEW, "template_id": made})


async def at_night(play: SandboxHarness) -> Reply:
    await play.at_hour(23)
    return await send(play, "700006", {"name": "Bà Thử", "content": "tin"})


async def to_stranger(play: SandboxHarness) -> Reply:
    await play.control("POST", "/citizens", {"name": "Người Lạ", "phone": "84900000002"})
    return await send(play, "700007", {"name": "Bà Thử", "content": "tin"}, phone="84900000002")


async def twice_a_day(play: SandboxHarness) -> Reply:
    await play.at_hour(9)
    assert (await send(play, "700006", {"name": "Bà Thử", "content": "tin"}))["error"] == 0
    return await send(play, "700006", {"name": "Bà Thử", "content": "tin"})


async def five_days_running(play: SandboxHarness) -> Reply:
    await play.pass_time((32 - play.platform.clock.local().day) * DAY)  # Into a new month: five days fit into it.
    for _ in range(5):
        await play.at_hour(9)
        await play.renew()
        reply = await send(play, "700006", {"name": "Bà Thử", "content": "tin"})
    return reply


async def key_twice(play: SandboxHarness) -> Reply:
    assert (await play.post("/rsa/key/gen", {}))["error"] == 0
    return await play.post("/rsa/key/gen", {})


async def late_journey(play: SandboxHarness) -> Reply:
    token = (await play.post("/journey/get-token", {}))["data"]["token"]
    assert (await play.get("/journey/check-token", token=token))["error"] == 0
    await play.pass_time(DAY + 1)
    return await play.get("/journey/check-token", token=token)


def second(path: str, state: dict[str, Any], **more: Any) -> Situation:
    """The first send takes the last of a quota; the second is refused."""

    async def situation(play: SandboxHarness) -> Reply:
        await play.control("PUT", path, state)
        assert (await send(play, **more))["error"] == 0
        return await send(play, **more)

    return situation


TRIAL = {"mode": "development"}
LONG = {**STATUS_DATA, "name": "a" * 31}
ZNS_SITUATIONS: dict[int, Situation] = {
    -103: where(f"/apps/{APP_ID}/state", {"active": False}), -104: wrong_proof, -105: where(OA_STATE, {"authorised": False}),
    -106: wrong_method, -107: lambda play: play.get("/message/status", message_id="1"), -108: sent(phone="123"),
    -109: sent("1"), -1091: edit_approved, -110: citizen(old_app=True), -111: sent(data={}),
    -112: sent(data={**STATUS_DATA, "name": 1}), -1121: sent(data=LONG), -1122: sent(data={"name": "Bà Thử"}),
    -1124: sent("700004", {"name": "Bà Thử", "code": "1", "amount": "nhiều"}),
    -113: posted("/template/create", {**NEW, "buttons": [{"type": "fly", "title": "a", "payload": "b"}]}),
    -1131: posted("/template/create", {**NEW, "buttons": [{"type": "oa.open.url", "title": "a"}]}),
    -114: citizen(unreachable=True), -115: where(OA_STATE, {"balance": 799}), -116: where("/policy", {"words": ["đã xong"]}),
    -117: where("/templates/700001", {"oa_id": OTHER_OA}), -118: sent(phone="84999999999"), -119: citizen(banned=True),
    -120: where(OA_STATE, {"package": "basic"}), -121: empty_body, -122: broken_body, -124: dead_token,
    -125: where(OA_STATE, {"missing": True}), -127: sent(**TRIAL),
    -130: sent(data={"name": "a" * 4001}), -131: where("/templates/700001", {"status": "PENDING_REVIEW"}),
    -132: sent(tracking_id="a" * 49), -133: at_night, -135: where(OA_STATE, {"zns_allowed": False}),
    -1351: where(OA_STATE, {"blocked_by_zns": True}), -136: where(OA_STATE, {"zca_linked": False}),
    -137: where(OA_STATE, {"payments_fail": True}), -138: where(OA_STATE, {"forbidden_paths": ["/message/template"]}),
    -139: citizen(refuses=["zns"]), -140: to_stranger, -141: citizen(refuses=[OA]),
    -142: lambda play: play.get("/rsa/key/get"), -143: key_twice, -144: second(OA_STATE, {"daily_quota": 1}),
    -145: sent("700002", {"otp": "123456"}, sending_mode="3"), -146: where("/templates/700001", {"status": "DISABLE"}),
    -147: second("/templates/700001", {"daily_quota": 1}), -1471: twice_a_day, -1472: five_days_running,
    -148: lambda play: play.get("/journey/check-token"), -149: lambda play: play.get("/journey/check-token", token="1"),
    -150: late_journey,
}  # fmt: skip


async def out_of_promotion(play: SandboxHarness) -> Reply:
    await play.at_hour(9)
    await play.control("PUT", OA_STATE, {"promotion_quota": 0})
    return await send(play, "700006", {"name": "Bà Thử", "content": "tin"})


async def trial_without_money(play: SandboxHarness) -> Reply:
    await play.control("PUT", f"/citizens/{play.citizen_id}/state", {"administrator": True})
    await play.control("PUT", OA_STATE, {"trial_balance": 0})
    return await send(play, **TRIAL)


ZNS_SITUATIONS |= {-1441: out_of_promotion, -126: trial_without_money}


async def oauth(play: SandboxHarness, **form: str) -> Reply:
    fields = {"app_id": APP_ID, **form}
    answer = await play.client.post("/v4/oa/access_token", data=fields, headers={"secret_key": APP_SECRET})
    return dict(answer.json())


async def spent_refresh(play: SandboxHarness) -> Reply:
    assert "access_token" in await oauth(play, grant_type="refresh_token", refresh_token=play.refresh)
    return await oauth(play, grant_type="refresh_token", refresh_token=play.refresh)


async def wrong_verifier(play: SandboxHarness) -> Reply:
    code = play.platform.tokens.code(APP_ID, OA, "a-challenge")
    return await oauth(play, grant_type="authorization_code", code=code, code_verifier="another")


OAUTH_SITUATIONS: dict[int, Situation] = {
    -14002: lambda play: oauth(play, app_id="1", grant_type="refresh_token"),
    -14003: wrong_verifier,
    -14004: lambda play: oauth(play, grant_type="password"),
    -14010: lambda play: oauth(play, grant_type="authorization_code", code="1"),
    -14014: spent_refresh,
}
