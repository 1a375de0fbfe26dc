"""One made-up body for every event of the catalogue, with the members and the member orders of real captures."""

from typing import Any

from contracts.message import Kind

APP, OA, USER, GROUP = "1000000000000000001", "4100000000000000012", "7012345678901234567", "6000000000000000007"
NOW = 1_790_000_000_000
STAMP = str(NOW)
PHONE = "84900000000"
Json = dict[str, Any]

_URL = "https://f1.photo.talk.zdn.vn/made/up.jpg"
_PAYLOADS: dict[str, list[Json]] = {
    "image": [{"type": "image", "payload": {"thumbnail": f"{_URL}?t", "url": _URL}}],
    "gif": [{"type": "gif", "payload": {"thumbnail": f"{_URL}?t", "url": _URL}}],
    "link": [
        {"type": "link", "payload": {"thumbnail": _URL, "description": "Trang thủ tục", "url": "https://dichvucong.example/1"}}
    ],
    "audio": [{"type": "audio", "payload": {"url": "https://voice.zdn.vn/made-up.amr"}}],
    "video": [{"type": "video", "payload": {"url": "https://video.zdn.vn/up.mp4", "thumbnail": _URL, "description": "ngõ 5"}}],
    "sticker": [{"type": "sticker", "payload": {"url": "https://zalo-api.zadn.vn/s.png", "id": "46041"}}],
    "location": [{"type": "location", "payload": {"coordinates": {"latitude": "10.8672", "longitude": "106.6547"}}}],
    "business_card": [
        {
            "type": "link",
            "payload": {
                "thumbnail": _URL,
                "description": '{"phone":"84900000000","qrCodeUrl":"https://qr.example/1"}',
                "url": "",
            },
        }
    ],
    "file": [
        {
            "type": "file",
            "payload": {
                "size": "30540", "name": "đơn trình báo.docx", "checksum": "d41d8cd98f00b204e9800998ecf8427e",
                "type": "docx", "url": "https://file.dlfl.vn/made-up",
            },
        }
    ],
    "list": [{"type": "link", "payload": {"thumbnail": _URL, "description": n, "url": _URL}} for n in ("một", "hai")],
    "template": [{"type": "template", "payload": {"zinstant_id": "z1", "text": "", "link_url": "", "checksum": ""}}],
}  # fmt: skip


def message_event(name: str, kind: str, sender: Json, recipient: Json, **more: Any) -> Json:
    message: Json = {"text": "làm căn cước cần giấy tờ gì"} if kind in ("text", "image") else {}
    message["msg_id"] = f"{name}-0b9a"
    if kind in _PAYLOADS:
        message["attachments"] = _PAYLOADS[kind]
    return {
        "event_name": name, "app_id": APP, "sender": sender, "recipient": recipient, "message": message,
        "timestamp": STAMP, "user_id_by_app": "3112345678901234567", **more,
    }  # fmt: skip


def of_oa(name: str, **members: Any) -> Json:
    return {"oa_id": OA, **members, "event_name": name, "app_id": APP, "timestamp": STAMP}


def receipt(name: str, **message: Any) -> Json:
    """Against expectation the sender of a receipt is the OA."""
    return {
        "event_name": name, "sender": {"id": OA}, "recipient": {"id": USER}, "message": message,
        "app_id": APP, "timestamp": STAMP,
    }  # fmt: skip


def _all() -> dict[str, Json]:
    user, oa, group = {"id": USER}, {"id": OA}, {"id": GROUP}
    bodies = [message_event(f"user_send_{kind}", kind, user, oa) for kind in Kind if kind is not Kind.INFO]
    echoed = (
        "text",
        "image",
        "gif",
        "list",
        "link",
        "file",
        "sticker",
        "audio",
        "video",
        "location",
        "business_card",
        "template",
    )
    bodies += [message_event(f"oa_send_{kind}", kind, oa, user) for kind in echoed]
    for kind in ("text", "image", "sticker", "file"):
        bodies.append(message_event(f"anonymous_send_{kind}", kind, {"id": "anon-77"}, oa))
        bodies.append(message_event(f"oa_send_anonymous_{kind}", kind, oa, {"id": "anon-77"}))
    for kind in ("text", "image", "link", "audio", "video", "business_card", "sticker", "gif", "file", "location"):
        bodies.append(message_event(f"user_send_group_{kind}", kind, user, group, oa_id=OA))
        bodies.append(message_event(f"oa_send_group_{kind}", kind, oa, group, oa_id=OA))
    bodies += [*_receipts(), *_acts(), *_calls(), *_of_templates(), *_of_groups()]
    return {body["event_name"]: body for body in bodies}


def _receipts() -> list[Json]:
    user, oa = {"id": USER}, {"id": OA}
    reacted = {"msg_id": "m-1", "react_icon": "/-heart"}
    common = {"app_id": APP, "timestamp": STAMP}
    return [
        receipt("user_received_message", msg_id="m-1"),
        receipt("user_seen_message", msg_ids=["m-1", "m-2"]),
        {"event_name": "user_reacted_message", "sender": user, "recipient": oa, "message": reacted, **common},
        {"event_name": "oa_reacted_message", "sender": oa, "recipient": user, "message": reacted, **common},
    ]


def _acts() -> list[Json]:
    info = {
        "name": "Người Thử Nghiệm", "phone": PHONE, "user_dob": "01/02/1990", "gender": "Nam",
        "full_address": {"user_city": "Thành phố Sông Lam", "user_ward": "Phường Thới An", "user_address": "5 đường Mẫu"},
    }  # fmt: skip
    return [
        of_oa("follow", follower={"id": USER}, source="oa_profile"),
        of_oa("unfollow", follower={"id": USER}, source="oa_profile"),
        {
            "event_name": "user_submit_info", "app_id": APP, "sender": {"id": USER}, "recipient": {"id": OA},
            "info": info, "timestamp": STAMP,
        },
        of_oa("user_click_chatnow", user_id=USER, user_id_by_app="3112345678901234567"),
        of_oa("user_withdraw", user_id=USER, user_id_by_app="3112345678901234567"),
        of_oa("update_user_info", data={"method": "dynamic_url"}),
        of_oa("add_user_to_tag", tag={"user_ids": [USER], "name": "tổ dân phố 4"}),
        of_oa("remove_user_from_tag", tag={"user_ids": [USER], "name": "tổ dân phố 4"}),
        of_oa("remove_tag", tag={"name": "tổ dân phố 4"}),
        of_oa("widget_interaction_accepted", data={"url": "https://x.example", "user_id": USER, "user_external_id": "e1"}),
        of_oa("widget_failed_to_sync_user_external_id", data={"user_id": USER, "user_external_id": "e1", "message": "no"}),
        of_oa("extension_purchased", extension_id="x1", extension_sub_info={"duration_month": "12"}),
        of_oa("shop_has_order", order={"id": "o1"}),
    ]  # fmt: skip


def _calls() -> list[Json]:
    call = {"call_id": "c1", "call_type": "AUDIO", "init_time": STAMP, "call_duration": "61000", "talk_time": "58000"}
    return [
        of_oa("user_call_oa", user_id=USER, status_code="0", **call),
        of_oa("oa_call_user", user_id=USER, status_code="0", **call),
        of_oa("oa_send_consent", phone=PHONE, request_type="SENT", create_time=STAMP, expired_time=STAMP),
        of_oa("user_reply_consent", phone=PHONE, user_consent="ALLOW", confirmed_time=STAMP, expired_time="0"),
    ]


def _of_templates() -> list[Json]:
    rating = {"rating_type": "star", "option": "1", "note": "tốt", "rate": 5, "submit_time": STAMP, "msg_id": "t-1"}
    return [
        of_oa("user_feedback", message={**rating, "feedbacks": ["nhanh"], "tracking_id": "loa-1"}),
        of_oa("user_click_response_button", message={"button_type": "1", "data": "x", "tracking_id": "loa-1"}, msg_id="t-1"),
        of_oa("change_template_status", template_id="9", status={"prev_status": "ENABLE", "new_status": "DISABLE"}, reason="x"),
        of_oa("change_template_quality", template_id="9", quality="HIGH"),
        of_oa("change_template_quota", template_id="9", quota={"prev_value": 1, "new_value": 2}),
        of_oa("change_oa_template_tags", tags=["1"]),
        {
            "oaId": OA, "quota": {"prev_value": 500, "new_value": 2000}, "event_name": "change_oa_daily_quota",
            "app_id": APP, "timestamp": STAMP,
        },
        of_oa("event_journey_acknowledged", journey_id="j1"),
        of_oa("event_journey_time_out", journey_id="j1"),
    ]  # fmt: skip


def _of_groups() -> list[Json]:
    names = (
        "create_group", "user_join_group", "user_request_join_group", "accept_request_join_group", "reject_request_join_group",
        "react_request_join_group_accept", "react_request_join_group_reject", "add_group_admin", "remove_group_admin",
        "update_group_info", "user_out_group", "user_leave_group", "delete_group",
    )  # fmt: skip
    return [of_oa(name, group_id=GROUP, users=[{"id": USER}]) for name in names]


BODIES = _all()
