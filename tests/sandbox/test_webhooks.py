"""Webhooks: signed over the very bytes, in order per conversation, retried on Zalo's ladder, switched per event."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sandbox.catalogue import CATALOGUE, ZNS_EVENTS
from sandbox.signing import mac
from sandbox.webhooks import LADDER_SECONDS
from tests.zalo import OA, OTHER_OA, SandboxHarness

DOCUMENTED = (
    "user_send_text", "user_send_image", "user_send_gif", "user_send_link", "user_send_audio", "user_send_video",
    "user_send_sticker", "user_send_location", "user_send_business_card", "user_send_file", "oa_send_text",
    "oa_send_image", "oa_send_gif", "oa_send_list", "oa_send_file", "oa_send_sticker", "oa_send_template",
    "anonymous_send_text", "anonymous_send_image", "anonymous_send_file", "anonymous_send_sticker",
    "oa_send_anonymous_text", "user_received_message", "user_seen_message", "user_reacted_message",
    "oa_reacted_message", "user_click_chatnow", "follow", "unfollow", "user_submit_info", "update_user_info",
    "add_user_to_tag", "remove_user_from_tag", "remove_tag", "user_withdraw", "widget_interaction_accepted",
    "widget_failed_to_sync_user_external_id", "extension_purchased", "create_group", "user_join_group",
    "user_request_join_group", "accept_request_join_group", "reject_request_join_group", "add_group_admin",
    "remove_group_admin", "update_group_info", "user_out_group", "delete_group", "user_send_group_text",
    "oa_send_group_text", "oa_send_consent", "user_reply_consent", "user_call_oa", "oa_call_user", "user_feedback",
    "user_click_response_button", "change_template_status", "change_template_quality", "change_template_quota",
    "change_oa_template_tags", "change_oa_daily_quota", "event_journey_acknowledged", "event_journey_time_out",
    "shop_has_order",
)  # fmt: skip


async def test_every_event_of_the_catalogue_can_be_raised_and_is_signed(play: SandboxHarness) -> None:
    for name in CATALOGUE:
        result = await play.control("POST", f"/events/{name}", {"oa_id": OA, "citizen_id": play.citizen_id})
        delivery = play.gateway.deliveries[-1]
        assert result["webhook"]["status"] == 200, name
        assert delivery.event == result["event"], name
        assert delivery.name == name
        assert delivery.rightly_signed(), name
        assert OA in delivery.body.decode(), name
        assert (delivery.headers.get("X-ZEvent-Server") == "ZNS") is (name in ZNS_EVENTS), name


def test_the_catalogue_holds_what_is_documented() -> None:
    assert set(DOCUMENTED) <= set(CATALOGUE)


async def test_members_of_a_raised_event_can_be_replaced(play: SandboxHarness) -> None:
    members = {"timestamp": 1795349009, "unheard_of": ["thử"]}
    result = await play.control("POST", "/events/user_send_text", {"oa_id": OA, "members": members})
    assert result["event"]["timestamp"] == 1795349009
    assert play.gateway.deliveries[-1].event["unheard_of"] == ["thử"]


@given(
    some.text(some.characters(codec="utf-8")), some.text(some.characters(codec="utf-8")), some.binary(), some.integers()
)
def test_the_signature_depends_on_every_byte_of_every_part(app: str, key: str, body: bytes, at: int) -> None:
    whole = mac(app, body, str(at), key)
    assert len(whole) == len("mac=") + 64
    assert whole != mac(app + "x", body, str(at), key)
    assert whole != mac(app, body + b"x", str(at), key)
    assert whole != mac(app, body, str(at) + "x", key)
    assert whole != mac(app, body, str(at), key + "x")


def test_the_signature_is_plain_sha256_of_the_parts_in_a_row() -> None:
    expected = "mac=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # SHA-256 of "abc", FIPS 180-2.
    assert mac("", b"a", "b", "c") == expected


async def test_a_citizens_message_is_an_event_with_the_oa_as_recipient(play: SandboxHarness) -> None:
    result = await play.control(
        "POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OA, "text": "Đường số 7/2 'ngã tư'"}
    )
    event = play.gateway.deliveries[-1].event
    assert result["webhook"]["status"] == 200
    assert list(event) == ["event_name", "app_id", "sender", "recipient", "message", "timestamp", "user_id_by_app"]
    assert (event["sender"]["id"], event["recipient"]["id"]) == (play.user_id, OA)
    assert event["message"] == {"text": "Đường số 7/2 'ngã tư'", "msg_id": result["msg_id"]}


async def test_an_answer_comes_back_as_echo_and_receipts_in_this_order(play: SandboxHarness) -> None:
    message_id = (await play.send())["data"]["message_id"]
    await play.quiet()
    echo, received, seen = (each.event for each in play.gateway.deliveries)
    assert play.gateway.names() == ["oa_send_text", "user_received_message", "user_seen_message"]
    assert echo["sender"] == {"id": OA}  # No admin_id: the bot spoke.
    assert (received["sender"]["id"], received["recipient"]["id"]) == (OA, play.user_id)
    assert received["message"] == {"msg_id": message_id}
    assert seen["message"] == {"msg_ids": [message_id]}


async def test_an_officers_hand_is_marked(play: SandboxHarness) -> None:
    body = {"citizen_id": play.citizen_id, "text": "Tôi là cán bộ trực", "admin_id": "77"}
    await play.control("POST", f"/oas/{OA}/officer/send", body)
    await play.quiet()
    assert play.gateway.deliveries[0].event["sender"] == {"id": OA, "admin_id": "77"}


async def test_who_reads_later_gives_the_seen_receipt_later(play: SandboxHarness) -> None:
    await play.control("PUT", f"/citizens/{play.citizen_id}/state", {"reads": False})
    await play.send()
    await play.quiet()
    assert "user_seen_message" not in play.gateway.names()
    assert await play.control("POST", f"/citizens/{play.citizen_id}/see", {"oa_id": OA}) == {"seen": 1}
    await play.quiet()
    assert play.gateway.names()[-1] == "user_seen_message"


async def test_a_computer_gives_no_receipts(play: SandboxHarness) -> None:
    await play.control("PUT", f"/citizens/{play.citizen_id}/state", {"mobile": False})
    await play.send()
    await play.quiet()
    assert play.gateway.names() == ["oa_send_text"]


async def test_a_refused_event_climbs_the_ladder_with_the_same_bytes(play: SandboxHarness) -> None:
    play.gateway.answers = [503, 500]
    result = await play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OA, "text": "a"})
    assert result["webhook"]["status"] == 503
    await play.quiet()
    first, second, third = play.gateway.deliveries
    assert first.body == second.body == third.body
    assert [each.headers.get("num_retry") for each in play.gateway.deliveries] == [None, "1", "2"]
    assert first.headers["X-ZEvent-Signature"] == third.headers["X-ZEvent-Signature"]


async def test_after_the_last_step_nothing_is_sent_until_a_person_enables_it(play: SandboxHarness) -> None:
    play.gateway.answers = [500] * (1 + len(LADDER_SECONDS))
    await play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OA, "text": "a"})
    await play.quiet()
    assert len(play.gateway.deliveries) == 1 + len(LADDER_SECONDS)
    assert (await play.control("GET", "/webhooks"))["disabled"]
    result = await play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OA, "text": "b"})
    assert result["webhook"]["status"] == -1
    await play.control("POST", "/webhooks/enable")
    result = await play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OA, "text": "c"})
    assert result["webhook"]["status"] == 200


async def test_a_gateway_that_is_away_is_no_answer(play: SandboxHarness) -> None:
    play.platform.webhooks.sender.url = "http://127.0.0.1:9/webhooks/zalo"
    result = await play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OA, "text": "a"})
    assert result["webhook"]["status"] == 0


async def test_events_are_switched_for_all_or_for_one_oa(play: SandboxHarness) -> None:
    await play.control("PUT", "/webhooks/events", {"events": {"user_seen_message": False}})
    await play.control("PUT", "/webhooks/events", {"oa_id": OA, "events": {"oa_send_text": False}})
    await play.send()
    await play.quiet()
    assert play.gateway.names() == ["user_received_message"]
    await play.control("POST", f"/oas/{OTHER_OA}/officer/send", {"citizen_id": play.citizen_id, "text": "a"})
    await play.quiet()
    assert play.gateway.names()[1:] == ["oa_send_text", "user_received_message"]


async def test_a_new_key_signs_from_now_on(play: SandboxHarness) -> None:
    await play.control("PUT", "/webhooks/secret", {"secret_key": "another", "oa_id": OA})
    await play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OA, "text": "a"})
    await play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OTHER_OA, "text": "a"})
    assert [each.rightly_signed() for each in play.gateway.deliveries] == [False, True]


async def test_the_order_of_a_conversation_is_kept(play: SandboxHarness) -> None:
    messages = [{"citizen_id": play.citizen_id, "oa_id": OA, "text": str(n)} for n in range(200)]
    await play.control("POST", "/bulk/send", {"messages": messages})
    await play.quiet()
    assert [int(each.event["message"]["text"]) for each in play.gateway.deliveries] == list(range(200))


@pytest.mark.parametrize(("sign", "right"), [(True, True), ("wrong", False)], ids=["rightly", "wrongly"])
async def test_raw_bytes_go_out_as_they_are(play: SandboxHarness, sign: bool | str, right: bool) -> None:
    body = json.dumps({"app_id": "1", "event_name": "x", "timestamp": "5"}, indent=2)
    result = await play.control("POST", "/webhooks/raw", {"body": body, "sign": sign, "headers": {"X-Thu": "1"}})
    delivery = play.gateway.deliveries[-1]
    assert result["status"] == 200
    assert delivery.body == body.encode()
    assert delivery.headers["X-Thu"] == "1"
    assert delivery.rightly_signed() is right


async def test_raw_bytes_need_no_signature_and_no_sense(play: SandboxHarness) -> None:
    await play.control("POST", "/webhooks/raw", {"body_base64": "/wA="})
    assert play.gateway.deliveries[-1].body == b"\xff\x00"
    assert "X-ZEvent-Signature" not in play.gateway.deliveries[-1].headers


async def test_two_conversations_do_not_wait_for_each_other(play: SandboxHarness) -> None:
    await play.control("PUT", "/faults", {"webhooks": {"delay_rate": 1, "delay_ms": 300}})
    slow = asyncio.create_task(play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OA, "text": "a"}))
    await asyncio.sleep(0.05)
    await play.control("PUT", "/faults", {})
    await play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OTHER_OA, "text": "b"})
    assert not slow.done()
    assert (await slow)["webhook"]["status"] == 200
