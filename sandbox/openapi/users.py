"""Who the OA knows: detail, list, update."""

from typing import Any

from sandbox.calls import Call, id_of, int_of, text_of
from sandbox.clock import DAY_MS, Clock, day, local
from sandbox.endpoints import Endpoint
from sandbox.errors import ZaloError
from sandbox.people import Contact, Json
from sandbox.platform import Platform

MAX_OFFSET = 9_951
PAGE = 50
PERIODS = {"TODAY": 0, "YESTERDAY": 1, "L7D": 7, "L30D": 30}
PERIOD_TEXT = 21  # YYYY_MM_DD:YYYY_MM_DD


def contact_of(platform: Platform, call: Call, source: Json) -> Contact:
    """The contact behind `user_id`; -201 for somebody this OA has never met."""
    contact = platform.network.contacts.get((call.account.oa_id, id_of(source, "user_id")))
    if contact is None:
        raise ZaloError(-201, "user_id is invalid")
    return contact


def detail(platform: Platform, call: Call) -> Json:
    contact = contact_of(platform, call, call.data())
    citizen = platform.network.citizens[contact.citizen_id]
    avatar = f"{platform.media.base_url}/media/avatar/{contact.user_id}.png"
    last = local(contact.last_interaction_ms).strftime("%d/%m/%Y") if contact.last_interaction_ms else ""
    return {
        "user_id": contact.user_id,
        "user_id_by_app": platform.network.by_app(contact),
        "user_external_id": "",
        "display_name": citizen.name,
        "user_alias": contact.alias,
        "is_sensitive": False,
        "user_last_interaction_date": last,
        "user_is_follower": contact.follows,
        "avatar": avatar,
        "avatars": {"120": avatar, "240": avatar},
        "dynamic_param": "",
        "tags_and_notes_info": {"notes": contact.notes, "tag_names": contact.tags},
        "shared_info": shared(citizen.info),
    }


def shared(info: Json) -> Json:
    """What the person handed over with user_submit_info, in the older flat shape that `detail` has."""
    address = info.get("full_address")
    address = address if isinstance(address, dict) else {}
    return {
        "address": str(info.get("address", address.get("user_address", ""))),
        "city": str(info.get("city", address.get("user_city", ""))),
        "district": str(info.get("district", address.get("user_ward", ""))),
        "phone": str(info.get("phone", "")),
        "name": str(info.get("name", "")),
    }


def getlist(platform: Platform, call: Call) -> Json:
    """{total, count, offset, users[{user_id}]}: contacts that ever interacted, filtered."""
    query = call.data()
    offset, count = int_of(query, "offset", 0, 0, MAX_OFFSET), int_of(query, "count", 10, 1, PAGE)
    tag = text_of(query, "tag_name", 100, needed=False)
    first, last = _period(text_of(query, "last_interaction_period", PERIOD_TEXT, needed=False), platform.clock)
    follower = _flag(query, "is_follower")
    user_ids = [
        contact.user_id
        for contact in platform.network.people_of(call.account.oa_id)
        if contact.last_interaction_ms
        and (not tag or tag in contact.tags)
        and (not first or first <= day(contact.last_interaction_ms) <= last)
        and (follower is None or contact.follows == follower)
    ]
    page = [{"user_id": user_id} for user_id in user_ids[offset : offset + count]]
    return {"total": len(user_ids), "count": len(page), "offset": offset, "users": page}


def update(platform: Platform, call: Call) -> None:
    """Change what the OA noted about a person: alias, notes, shared information."""
    body = call.json()
    contact = contact_of(platform, call, body)
    if "alias" in body or "user_alias" in body:
        contact.alias = text_of(body, "alias" if "alias" in body else "user_alias", 100)
    if "note" in body:
        contact.notes.append(text_of(body, "note", 500))
    info = body.get("shared_info", {key: body[key] for key in ("name", "phone", "address") if key in body})
    if not isinstance(info, dict):
        raise ZaloError(-201, "shared_info")
    citizen = platform.network.citizens[contact.citizen_id]
    citizen.info = {**citizen.info, **{str(key): str(value)[:500] for key, value in info.items()}}


def _flag(source: Json, name: str) -> bool | None:
    value: Any = source.get(name)
    if value is None or isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise ZaloError(-201, name)


def _period(words: str, clock: Clock) -> tuple[str, str]:
    """First and last day, or two empty strings for no filter."""
    if not words:
        return "", ""
    today = clock.now_ms()
    if words in PERIODS:
        back = PERIODS[words]
        return day(today - back * DAY_MS), day(today - DAY_MS if words == "YESTERDAY" else today)
    first, colon, last = words.replace("_", "-").partition(":")
    if not colon or len(first) != 10 or len(last) != 10:  # noqa: PLR2004  YYYY-MM-DD has ten characters.
        raise ZaloError(-201, "last_interaction_period")
    return first, last


WHO: Json = {"user_id": "1234567890123456789"}
ENDPOINTS = (
    Endpoint("GET", "/v3.0/oa/user/detail", detail, "One user", "data", example=WHO),
    Endpoint("GET", "/v3.0/oa/user/getlist", getlist, "Users", "data", example={"offset": 0, "count": 10}),
    Endpoint("POST", "/v3.0/oa/user/update", update, "Change alias, notes, shared information", example=WHO),
    Endpoint("POST", "/v3.0/oa/updatefollowerinfo", update, "The same under its older name", example=WHO),
    Endpoint("GET", "/v2.0/oa/getprofile", detail, "One user, older address", "data", example=WHO),
)
