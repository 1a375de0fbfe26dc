"""Groups of an OA and who is in them: /v3.0/oa/group/…, reads with plain query parameters."""

from sandbox.calls import Call, id_of, int_of, list_of, text_of
from sandbox.clock import DAY_MS
from sandbox.endpoints import Endpoint
from sandbox.errors import ZaloError
from sandbox.groups import Group
from sandbox.people import Contact, Json
from sandbox.platform import Platform

MAX_MEMBERS = 99
WINDOW_MS = 7 * DAY_MS
ORGANISATION = 2


def page(call: Call) -> tuple[int, int]:
    params: Json = dict(call.params())
    return int_of(params, "offset", 0, 0, 1_000_000), int_of(params, "count", 5, 1, 50)


def may(call: Call) -> None:
    """Groups need a verified organisation on the highest package: -221, -235, -224."""
    if not call.account.verified:
        raise ZaloError(-221)
    if call.account.oa_type != ORGANISATION:
        raise ZaloError(-235)
    if call.account.package != "advanced":
        raise ZaloError(-224)


def group_of(platform: Platform, call: Call, source: Json) -> Group:
    may(call)
    return platform.groups.find(call.account.oa_id, id_of(source, "group_id"))


def create(platform: Platform, call: Call) -> Json:
    may(call)
    body = call.json()
    name, words = text_of(body, "group_name", 100), text_of(body, "group_description", 500, needed=False)
    asset = platform.groups.free_asset(call.account.oa_id, text_of(body, "asset_id", 100))
    members = invitees(platform, call, body)
    group = platform.groups.create(call.account.oa_id, name, words, asset)
    group.members = [contact.user_id for contact in members]
    raise_group(platform, group, "create_group", group.members)
    return group_json(platform, group)


def invitees(platform: Platform, call: Call, body: Json) -> list[Contact]:
    """People who may be asked in: they follow or wrote within seven days (-213), and accept invitations (-217)."""
    contacts: list[Contact] = []
    for user_id in list_of(body, "member_user_ids", MAX_MEMBERS):
        contact = platform.network.contacts.get((call.account.oa_id, str(user_id)))
        if contact is None:
            raise ZaloError(-201, "member_user_ids")
        if platform.network.citizens[contact.citizen_id].blocks_invites:
            raise ZaloError(-217)
        if not contact.follows and platform.clock.now_ms() - contact.last_interaction_ms > WINDOW_MS:
            raise ZaloError(-213)
        contacts.append(contact)
    if not contacts:
        raise ZaloError(-201, "member_user_ids")
    return contacts


def invite(platform: Platform, call: Call) -> Json:
    body = call.json()
    group = group_of(platform, call, body)
    fresh = [each.user_id for each in invitees(platform, call, body) if each.user_id not in group.members]
    if len(fresh) > platform.groups.free_seats(group):
        raise ZaloError(-210, "member_user_ids")
    group.members.extend(fresh)
    raise_group(platform, group, "user_join_group", fresh)
    return group_json(platform, group)


def get_group(platform: Platform, call: Call) -> Json:
    return group_json(platform, group_of(platform, call, dict(call.params())))


def all_of_oa(platform: Platform, call: Call) -> Json:
    may(call)
    groups = platform.groups.of(call.account.oa_id)
    offset, count = page(call)
    return {"total": len(groups), "groups": [group_json(platform, group) for group in groups[offset : offset + count]]}


def update(platform: Platform, call: Call) -> Json:
    body = call.json()
    group = group_of(platform, call, body)
    group.name = text_of(body, "group_name", 100, needed=False) or group.name
    group.description = text_of(body, "group_description", 500, needed=False) or group.description
    raise_group(platform, group, "update_group_info", [])
    return group_json(platform, group)


def move(platform: Platform, call: Call) -> Json:
    body = call.json()
    group = group_of(platform, call, body)
    platform.groups.move(group, platform.groups.free_asset(call.account.oa_id, text_of(body, "asset_id", 100)))
    return group_json(platform, group)


def delete(platform: Platform, call: Call) -> None:
    group = group_of(platform, call, call.json())
    platform.groups.delete(group)
    raise_group(platform, group, "delete_group", [])


def raise_group(platform: Platform, group: Group, name: str, user_ids: list[str]) -> None:
    account = platform.network.accounts[group.oa_id]
    event: Json = {
        "event_name": name,
        "oa_id": group.oa_id,
        "group_id": group.group_id,
        "app_id": account.record.app_id,
    }
    event["users"] = [{"id": user_id} for user_id in user_ids]
    event["timestamp"] = str(platform.clock.now_ms())
    platform.webhooks.send(event, group.oa_id, group.group_id)


def group_json(platform: Platform, group: Group) -> Json:
    asset = platform.groups.assets[group.asset_id]
    return {
        "group_id": group.group_id, "name": group.name, "group_description": group.description, "avatar": "",
        "group_link": f"https://zalo.me/g/{group.group_id}", "status": "enabled", "total_member": len(group.members),
        "max_member": platform.groups.free_seats(group) + len(group.members),
        "asset_id": asset.asset_id, "asset_type": asset.product, "valid_through": str(asset.until_ms),
    }  # fmt: skip


AT = "/v3.0/oa/group/"
WHERE: Json = {"group_id": "…"}
WHO: Json = {**WHERE, "member_user_ids": ["1234567890123456789"]}
NEW: Json = {"group_name": "Tổ dân phố", "group_description": "", "asset_id": "…", "member_user_ids": ["…"]}
ENDPOINTS = (
    Endpoint("POST", AT + "creategroupwithoa", create, "New group", example=NEW),
    Endpoint("GET", AT + "getgroup", get_group, "One group", "query", example=WHERE),
    Endpoint("GET", AT + "getgroupsofoa", all_of_oa, "Groups of the OA", "query", example={"offset": "0", "count": "5"}),
    Endpoint("POST", AT + "updateinfo", update, "Rename a group", example={**WHERE, "group_name": "…"}),
    Endpoint("POST", AT + "updateasset", move, "Put a group on another asset", example={**WHERE, "asset_id": "…"}),
    Endpoint("POST", AT + "invite", invite, "Ask people in", example=WHO),
    Endpoint("POST", AT + "delete", delete, "Delete a group", example=WHERE),
)  # fmt: skip
