"""Tags that an OA hangs on people."""

from sandbox.calls import Call, text_of
from sandbox.endpoints import Endpoint
from sandbox.errors import ZaloError
from sandbox.openapi.users import contact_of
from sandbox.people import Contact, Json
from sandbox.platform import Platform

MAX_NAME = 100


def tag(platform: Platform, call: Call) -> None:
    """Raise ZaloError -213 for somebody who does not follow."""
    body = call.json()
    contact, name = contact_of(platform, call, body), text_of(body, "tag_name", MAX_NAME)
    if not contact.follows:
        raise ZaloError(-213)
    if name not in contact.tags:
        contact.tags.append(name)
        _raise(platform, contact, "add_user_to_tag", {"user_ids": [contact.user_id], "name": name})


def untag(platform: Platform, call: Call) -> None:
    body = call.json()
    contact, name = contact_of(platform, call, body), text_of(body, "tag_name", MAX_NAME)
    if name not in contact.tags:
        raise ZaloError(-201, "tag_name")
    contact.tags.remove(name)
    _raise(platform, contact, "remove_user_from_tag", {"user_ids": [contact.user_id], "name": name})


def remove(platform: Platform, call: Call) -> None:
    name = text_of(call.json(), "tag_name", MAX_NAME)
    mine = [contact for contact in _mine(platform, call) if name in contact.tags]
    if not mine:
        raise ZaloError(-201, "tag_name")
    for contact in mine:
        contact.tags.remove(name)
    _raise(platform, mine[0], "remove_tag", {"name": name})


def listed(platform: Platform, call: Call) -> list[str]:
    return sorted({name for contact in _mine(platform, call) for name in contact.tags})


def _mine(platform: Platform, call: Call) -> list[Contact]:
    return platform.network.people_of(call.account.oa_id)


def _raise(platform: Platform, contact: Contact, name: str, fields: Json) -> None:
    platform.network.emit(name, contact, lambda: platform.citizen_actions.rooted(name, contact, {"tag": fields}))


EXAMPLE: Json = {"user_id": "1234567890123456789", "tag_name": "cư trú"}
ENDPOINTS = (
    Endpoint("POST", "/v2.0/oa/tag/tagfollower", tag, "Tag a follower", example=EXAMPLE),
    Endpoint("POST", "/v2.0/oa/tag/rmfollowerfromtag", untag, "Take a tag off", example=EXAMPLE),
    Endpoint("POST", "/v2.0/oa/tag/rmtag", remove, "Remove a tag altogether", example={"tag_name": "cư trú"}),
    Endpoint("GET", "/v2.0/oa/tag/gettagsofoa", listed, "Tags of the OA", "none"),
)
