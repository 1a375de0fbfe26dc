"""Messages in groups: send, read back, and the quota of groups."""

from sandbox.calls import Call, int_of, object_of
from sandbox.endpoints import Endpoint
from sandbox.groups import Group
from sandbox.openapi import consult
from sandbox.openapi.groups import WHERE, group_of, may
from sandbox.people import Draft, Json
from sandbox.platform import Platform


def send(platform: Platform, call: Call) -> Json:
    """Free, around the clock; the same message shapes as to one person."""
    body = call.json()
    group = group_of(platform, call, object_of(body, "recipient"))
    draft = consult.read(platform, call, object_of(body, "message"))
    line = write(platform, group, draft, group.oa_id, from_oa=True)
    return {"message_id": line["message_id"], "group_id": group.group_id, "sent_time": str(line["time"])}


def write(platform: Platform, group: Group, draft: Draft, sender_id: str, *, from_oa: bool) -> Json:
    """One message in the group's history, and its event: sender, group as recipient, OA at the root."""
    account, now = platform.network.accounts[group.oa_id], platform.clock.now_ms()
    message_id = platform.ids.message()
    content: Json = {"text": draft.text, "msg_id": message_id}
    if draft.attachments:
        content["attachments"] = list(draft.attachments)
    line = {
        "src": 0 if from_oa else 1, "time": now, "type": draft.kind, "message": draft.text, "message_id": message_id,
        "from_id": sender_id, "group_id": group.group_id,
    }  # fmt: skip
    group.history.append(line)
    event = {
        "event_name": f"{'oa' if from_oa else 'user'}_send_group_{draft.kind}",
        "app_id": account.record.app_id,
        "oa_id": group.oa_id,
        "sender": {"id": sender_id},
        "recipient": {"id": group.group_id},
        "message": content,
        "timestamp": str(now),
    }
    platform.webhooks.send(event, group.oa_id, group.group_id)
    return line


def conversation(platform: Platform, call: Call) -> list[Json]:
    """Newest first."""
    params: Json = dict(call.params())
    group = group_of(platform, call, params)
    offset, count = int_of(params, "offset", 0, 0, 1_000_000), int_of(params, "count", 5, 1, 50)
    return list(reversed(group.history))[offset : offset + count]


def recent(platform: Platform, call: Call) -> list[Json]:
    """The last message of each group, newest first."""
    may(call)
    params: Json = dict(call.params())
    offset, count = int_of(params, "offset", 0, 0, 1_000_000), int_of(params, "count", 5, 1, 50)
    last = [group.history[-1] for group in platform.groups.of(call.account.oa_id) if group.history]
    last.sort(key=lambda line: line["time"], reverse=True)
    return last[offset : offset + count]


def quota(platform: Platform, call: Call) -> list[Json]:
    """The assets on which groups can live, used ones included."""
    may(call)
    return [
        {
            "asset_id": asset.asset_id, "product_type": asset.product, "quota_type": "sub_quota",
            "valid_through": str(asset.until_ms), "auto_renew": False, "status": "used" if asset.group_id else "available",
            "used_id": asset.group_id,
        }
        for asset in platform.groups.assets_of(call.account.oa_id)
    ]  # fmt: skip


AT = "/v3.0/oa/group/"
PAGE: Json = {**WHERE, "offset": "0", "count": "5"}
EXAMPLE: Json = {"recipient": {"group_id": "…"}, "message": {"text": "Xin chào cả tổ"}}
ENDPOINTS = (
    Endpoint("POST", AT + "message", send, "Message to a group", example=EXAMPLE),
    Endpoint("GET", AT + "conversation", conversation, "A group's messages", "query", example=PAGE),
    Endpoint(
        "GET",
        AT + "listrecentchat",
        recent,
        "Latest messages of groups",
        "query",
        example={"offset": "0", "count": "5"},
    ),
    Endpoint("POST", "/v3.0/oa/quota/group", quota, "Assets for groups", example={"quota_owner": "OA"}),
)
