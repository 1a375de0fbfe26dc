"""Every event Zalo documents or sends, as a sample that a control call can raise, with members replaced at will. Pure."""

from sandbox.people import Json
from sandbox.samples import (
    DAY,
    MESSAGE_SAMPLES,
    Sample,
    Scene,
    anonymous,
    call,
    consent,
    data,
    feedback,
    follow,
    in_group,
    info,
    pair,
    people,
    receipt,
    response,
    root,
    tag,
    template,
)

USER_KINDS = ("text", "image", "gif", "link", "audio", "video", "sticker", "location", "business_card", "file")
OA_KINDS = ("text", "image", "gif", "list", "file", "sticker", "template")
GROUP_KINDS = ("text", "image", "link", "audio", "video", "business_card", "sticker", "gif", "file", "location")
ANONYMOUS_KINDS = ("text", "image", "file", "sticker")
GROUP_LIFE = (
    "create_group", "user_join_group", "user_request_join_group", "accept_request_join_group", "reject_request_join_group",
    "react_request_join_group_accept", "react_request_join_group_reject", "add_group_admin", "remove_group_admin",
    "update_group_info", "user_out_group", "user_leave_group", "delete_group",
)  # fmt: skip

CATALOGUE: dict[str, Sample] = {
    **{f"user_send_{kind}": pair(False, MESSAGE_SAMPLES[kind]) for kind in USER_KINDS},
    **{f"oa_send_{kind}": pair(True, MESSAGE_SAMPLES[kind]) for kind in OA_KINDS},
    **{f"anonymous_send_{kind}": anonymous(False, kind) for kind in ANONYMOUS_KINDS},
    **{f"oa_send_anonymous_{kind}": anonymous(True, kind) for kind in ANONYMOUS_KINDS},
    **{f"user_send_group_{kind}": in_group(False, kind) for kind in GROUP_KINDS},
    **{f"oa_send_group_{kind}": in_group(True, kind) for kind in GROUP_KINDS},
    **dict.fromkeys(GROUP_LIFE, people),
    "user_received_message": receipt(lambda s: {"msg_id": s.msg_id}),
    "user_seen_message": receipt(lambda s: {"msg_ids": [s.msg_id]}),
    "user_reacted_message": pair(False, lambda _: {"react_icon": "/-strong"}),
    "oa_reacted_message": pair(True, lambda _: {"react_icon": "/-heart"}),
    "user_click_chatnow": root(lambda s: {"user_id": s.user_id, "user_id_by_app": s.by_app}),
    "follow": follow,
    "unfollow": follow,
    "user_submit_info": info,
    "update_user_info": root(lambda s: {"user_id": s.user_id, "data": {"method": "dynamic_url"}}),
    "add_user_to_tag": tag(lambda s: {"user_ids": [s.user_id]}),
    "remove_user_from_tag": tag(lambda s: {"user_ids": [s.user_id]}),
    "remove_tag": tag(lambda _: {}),
    "user_withdraw": root(lambda s: {"user_id": s.user_id, "user_id_by_app": s.by_app}),
    "widget_interaction_accepted": data({"url": "https://example.vn/"}),
    "widget_failed_to_sync_user_external_id": data({"message": "external id is taken"}),
    "extension_purchased": root(
        lambda s: {
            "extension_id": "1",
            "extension_sub_info": {
                "valid_start_date": s.now,
                "valid_through_date": s.later(30 * DAY),
                "duration_month": 1,
            },
        }
    ),
    "oa_send_consent": consent({"request_type": "SENT", "create_time": "0"}),
    "user_reply_consent": consent({"user_consent": "ALLOW", "confirmed_time": "0"}),
    "user_call_oa": call,
    "oa_call_user": call,
    "user_feedback": feedback,
    "user_click_response_button": response,
    "change_template_status": template(
        {"status": {"prev_status": "PENDING_REVIEW", "new_status": "ENABLE"}, "reason": ""}
    ),
    "change_template_quality": template({"quality": "MEDIUM"}),
    "change_template_quota": template({"quota": {"prev_quota": "500", "new_quota": "2000"}}),
    "change_oa_template_tags": root(lambda _: {"tags": {"prev_tags": [1], "new_tags": [1, 2]}}),
    "change_oa_daily_quota": lambda s: {"oaId": s.oa_id, "quota": {"prev_value": 5_000, "new_value": 10_000}},
    "event_journey_acknowledged": root(lambda s: {"journey_id": s.number, "msg_id": s.msg_id}),
    "event_journey_time_out": root(lambda s: {"journey_id": s.number, "msg_id": s.msg_id}),
    "shop_has_order": root(lambda s: {"order_id": s.number, "user_id": s.user_id}),
}
ZNS_EVENTS = frozenset(
    {
        "user_feedback", "user_click_response_button", "change_template_status", "change_template_quality",
        "change_template_quota", "change_oa_template_tags", "change_oa_daily_quota", "event_journey_acknowledged",
        "event_journey_time_out",
    }
)  # fmt: skip


def build(name: str, scene: Scene, members: Json) -> Json:
    """The event `name` with top-level `members` replaced; raise KeyError for a name not in the catalogue."""
    event = {"event_name": name, "app_id": scene.app_id, **CATALOGUE[name](scene)}
    event.setdefault("timestamp", scene.now)
    return {**event, **members}
