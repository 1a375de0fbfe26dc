"""Who is in a group: listed, let in, turned away, promoted, removed."""

from collections.abc import Callable

from sandbox.calls import Call, list_of
from sandbox.endpoints import Endpoint
from sandbox.errors import ZaloError
from sandbox.groups import Group
from sandbox.openapi.groups import AT, MAX_MEMBERS, WHERE, WHO, group_json, group_of, page, raise_group
from sandbox.people import Json
from sandbox.platform import Platform


def _people(list_name: str, key: str) -> Callable[[Platform, Call], Json]:
    """A page of one of the group's lists of people."""

    def people(platform: Platform, call: Call) -> Json:
        group = group_of(platform, call, dict(call.params()))
        ids: list[str] = getattr(group, list_name)
        offset, count = page(call)
        some = [_person(platform, group, user_id) for user_id in ids[offset : offset + count]]
        return {"total": len(ids), key: some}

    return people


def _change(event: str, act: Callable[[Group, str], None], within: str) -> Callable[[Platform, Call], Json]:
    """Do one thing with each listed person who stands in `within`; -201 for anybody else."""

    def change(platform: Platform, call: Call) -> Json:
        body = call.json()
        group = group_of(platform, call, body)
        ids = [str(user_id) for user_id in list_of(body, "member_user_ids", MAX_MEMBERS)]
        if not ids or any(user_id not in getattr(group, within) for user_id in ids):
            raise ZaloError(-201, "member_user_ids")
        for user_id in dict.fromkeys(ids):
            act(group, user_id)
        raise_group(platform, group, event, ids)
        return group_json(platform, group)

    return change


def _accept(group: Group, user_id: str) -> None:
    group.pending.remove(user_id)
    group.members.append(user_id)


def _promote(group: Group, user_id: str) -> None:
    if user_id not in group.admins:
        group.admins.append(user_id)


def _expel(group: Group, user_id: str) -> None:
    group.members.remove(user_id)
    if user_id in group.admins:
        group.admins.remove(user_id)


def _person(platform: Platform, group: Group, user_id: str) -> Json:
    contact = platform.network.contacts.get((group.oa_id, user_id))
    name = platform.network.citizens[contact.citizen_id].name if contact else ""
    return {"oa_id": group.oa_id, "user_id": user_id, "name": name, "avatar": "", "is_admin": user_id in group.admins}


PAGE: Json = {**WHERE, "offset": "0", "count": "5"}
ENDPOINTS = (
    Endpoint("GET", AT + "listmember", _people("members", "members"), "Members", "query", example=PAGE),
    Endpoint("GET", AT + "listpendinginvite", _people("pending", "members"), "Waiting to join", "query", example=PAGE),
    Endpoint(
        "POST", AT + "acceptpendinginvite", _change("accept_request_join_group", _accept, "pending"), "Let in", example=WHO
    ),
    Endpoint(
        "POST", AT + "rejectpendinginvite", _change("reject_request_join_group", lambda g, u: g.pending.remove(u), "pending"),
        "Turn away", example=WHO,
    ),
    Endpoint("POST", AT + "addadmins", _change("add_group_admin", _promote, "members"), "Make admins", example=WHO),
    Endpoint(
        "POST", AT + "removeadmins", _change("remove_group_admin", lambda g, u: g.admins.remove(u), "admins"), "Unmake admins",
        example=WHO,
    ),
    Endpoint("POST", AT + "removemembers", _change("user_out_group", _expel, "members"), "Remove members", example=WHO),
)  # fmt: skip
