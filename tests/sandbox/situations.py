"""How each error code of openapi.zalo.me is met: code -> what has to happen. A coroutine ends in Zalo's reply."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.sandbox.builders import ARTICLE, DAY, OA_STATE, Reply, article, broadcast, group, media, upload
from tests.zalo import APP_ID, OA, OTHER_OA, SandboxHarness

Situation = Callable[[SandboxHarness], Awaitable[Reply]]


def oa_is(**state: Any) -> Situation:
    async def situation(play: SandboxHarness) -> Reply:
        await play.control("PUT", OA_STATE, state)
        return await play.send()

    return situation


def app_is(**state: Any) -> Situation:
    async def situation(play: SandboxHarness) -> Reply:
        await play.control("PUT", f"/apps/{APP_ID}/state", state)
        return await play.send()

    return situation


def citizen_is(**state: Any) -> Situation:
    async def situation(play: SandboxHarness) -> Reply:
        await play.control("PUT", f"/citizens/{play.citizen_id}/state", state)
        return await play.send()

    return situation


def says(text: str = "Xin chào", **message: Any) -> Situation:
    return lambda play: play.send(text, **message)


async def too_fast(play: SandboxHarness) -> Reply:
    await play.control("PUT", "/limits", {"app_per_minute": 2, "oa_per_minute": 0})
    for _ in range(4):  # The minute may turn once in between.
        reply = await play.send()
        if reply["error"]:
            break
    return reply


async def old_upload(play: SandboxHarness) -> Reply:
    asset = (await upload(play))["data"]["attachment_id"]
    assert (await play.send(attachment=media("image", attachment_id=asset)))["error"] == 0
    await play.pass_time(7 * DAY + 1)
    await play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OA, "text": "vẫn ở đây"})
    await play.renew()
    return await play.send(attachment=media("image", attachment_id=asset))


async def wrong_recipient(play: SandboxHarness) -> Reply:
    return await play.post("/v3.0/oa/message/cs", {"recipient": {"user_id": "1"}, "message": {"text": "a"}})


async def stranger_tagged(play: SandboxHarness) -> Reply:
    await play.control("POST", f"/citizens/{play.citizen_id}/unfollow", {"oa_id": OA})
    return await play.post("/v2.0/oa/tag/tagfollower", {"user_id": play.user_id, "tag_name": "thử"})


async def uploads_used_up(play: SandboxHarness) -> Reply:
    await play.control("PUT", OA_STATE, {"asset_quota": 1})
    assert (await upload(play))["error"] == 0
    return await upload(play)


async def forbidden_path(play: SandboxHarness) -> Reply:
    await play.control("PUT", OA_STATE, {"forbidden_paths": ["/v3.0/oa/message/cs"]})
    return await play.send()


async def unfinished_article(play: SandboxHarness) -> Reply:
    token = (await play.post("/v2.0/article/create", ARTICLE))["data"]["token"]
    return await play.post("/v2.0/article/verify", {"token": token})


async def nightly_broadcast(play: SandboxHarness) -> Reply:
    article_id = await article(play)
    await play.at_hour(23)
    return await broadcast(play, article_id)


async def replaced_token(play: SandboxHarness) -> Reply:
    old = play.token
    await play.renew()
    play.token = old
    return await play.send()


async def withdrawn_grant(play: SandboxHarness) -> Reply:
    await play.control("DELETE", f"/oas/{OA}/token")
    return await play.send()


async def invited_against_will(play: SandboxHarness) -> Reply:
    await play.control("PUT", f"/citizens/{play.citizen_id}/state", {"blocks_invites": True})
    return await group(play)


async def second_promotion(play: SandboxHarness) -> Reply:
    await play.at_hour(9)
    data = {"name": "Bà Thử", "content": "khuyến mại"}
    body = {"user_id": play.user_id, "template_id": "700006", "template_data": data}
    assert (await play.post("/v3.0/oa/message/template", body))["error"] == 0
    return await play.post("/v3.0/oa/message/template", body)


def group_of_oa(**state: Any) -> Situation:
    async def situation(play: SandboxHarness) -> Reply:
        await play.control("PUT", OA_STATE, state)
        return await group(play)

    return situation


async def silent_for_a_week(play: SandboxHarness) -> Reply:
    await play.pass_time(7 * DAY + 1)
    await play.renew()
    return await play.send()


async def never_wrote(play: SandboxHarness) -> Reply:
    other = (await play.control("POST", "/citizens", {"name": "Người Lạ"}))["citizen_id"]
    play.user_id = play.platform.network.contact(other, OA).user_id
    return await play.send()


async def lapsed_group(play: SandboxHarness) -> Reply:
    made = (await group(play))["data"]["group_id"]
    await play.pass_time((30 + 45 + 1) * DAY)
    await play.renew()
    return await play.post("/v3.0/oa/group/message", {"recipient": {"group_id": made}, "message": {"text": "a"}})


def group_twice(product: str) -> Situation:
    async def situation(play: SandboxHarness) -> Reply:
        assert (await group(play, product))["error"] == 0
        return await group(play, product)

    return situation


async def closed_v2(play: SandboxHarness) -> Reply:
    return await play.post("/v2.0/oa/message", {"recipient": {"user_id": play.user_id}, "message": {"text": "a"}})


async def wrong_proof(play: SandboxHarness) -> Reply:
    return await play.post("/v3.0/oa/message/cs", {}, headers={"appsecret_proof": "0" * 64})


async def against_policy(play: SandboxHarness) -> Reply:
    await play.control("PUT", "/policy", {"words": ["Cờ Bạc"]})
    return await play.send("mời chơi cờ bạc")


async def otp_by_uid(play: SandboxHarness) -> Reply:
    body = {"user_id": play.user_id, "template_id": "700002", "template_data": {"otp": "123456"}}
    return await play.post("/v3.0/oa/message/template", body)


def billed(**state: Any) -> Situation:
    async def situation(play: SandboxHarness) -> Reply:
        await play.pass_time(3 * DAY)
        await play.renew()
        await play.control("PUT", OA_STATE, state)
        return await play.send()

    return situation


async def foreign_group(play: SandboxHarness) -> Reply:
    made = (await group(play))["data"]["group_id"]
    token = (await play.control("POST", f"/oas/{OTHER_OA}/token"))["access_token"]
    return await play.post("/v3.0/oa/group/delete", {"group_id": made}, token)


OA_SITUATIONS: dict[int, Situation] = {
    -32: too_fast, -100: old_upload, -200: citizen_is(unreachable=True), -201: wrong_recipient,
    -204: oa_is(deleted=True), -205: oa_is(missing=True), -209: app_is(active=False), -210: says("a" * 2001),
    -211: uploads_used_up, -212: forbidden_path, -213: stranger_tagged, -214: unfinished_article, -216: replaced_token,
    -217: invited_against_will, -218: second_promotion, -219: app_is(removed=True), -220: withdrawn_grant,
    -221: group_of_oa(verified=False), -223: oa_is(authorised=False), -224: oa_is(package="basic"),
    -227: citizen_is(banned=True), -230: silent_for_a_week, -232: never_wrote,
    -233: says(attachment={"type": "hologram", "payload": {}}), -234: nightly_broadcast, -235: group_of_oa(oa_type=1),
    -237: lapsed_group, -238: group_twice("gmf50"), -240: closed_v2, -241: group_twice("gmf10"), -242: wrong_proof,
    -244: citizen_is(refuses=["cs"]), -248: against_policy, -249: otp_by_uid, -320: billed(zca_linked=False),
    -321: billed(balance=54), -403: foreign_group,
}  # fmt: skip
