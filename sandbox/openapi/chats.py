"""Messages: one conversation, and the latest of all of them. Bare arrays; times are numbers here."""

from sandbox.calls import Call, int_of
from sandbox.endpoints import Endpoint
from sandbox.openapi.users import WHO, contact_of
from sandbox.people import Json, Message
from sandbox.platform import Platform

PAGE = 10
MAX_OFFSET = 1_000_000
TYPES = {"image": "photo", "gif": "GIF", "audio": "voice", "list": "links", "hidden": "text", "template": "link"}


def conversation(platform: Platform, call: Call) -> list[Json]:
    """Newest first. src 0 is OA to user, 1 user to OA."""
    params = call.data()
    contact = contact_of(platform, call, params)
    offset, count = int_of(params, "offset", 0, 0, MAX_OFFSET), int_of(params, "count", PAGE, 1, PAGE)
    newest = list(reversed(contact.history))[offset : offset + count]
    return [_line(platform, message) for message in newest]


def recent(platform: Platform, call: Call) -> list[Json]:
    """The last message of each conversation of this OA, newest first."""
    params = call.data()
    offset, count = int_of(params, "offset", 0, 0, MAX_OFFSET), int_of(params, "count", PAGE, 1, PAGE)
    mine = platform.network.people_of(call.account.oa_id)
    last = sorted((contact.history[-1] for contact in mine if contact.history), key=lambda m: m.seq, reverse=True)
    return [_line(platform, message) for message in last[offset : offset + count]]


def _line(platform: Platform, message: Message) -> Json:
    name = platform.network.citizens[message.citizen_id].name
    oa = platform.network.accounts[message.oa_id].record.name
    ends = (message.oa_id, oa, message.user_id, name)
    from_id, from_name, to_id, to_name = ends if message.from_oa else ends[2:] + ends[:2]
    line: Json = {
        "src": 0 if message.from_oa else 1,
        "time": message.at_ms,
        "type": TYPES.get(message.kind, message.kind),
        "message": message.text,
        "message_id": message.message_id,
        "from_id": from_id,
        "to_id": to_id,
        "from_display_name": from_name,
        "to_display_name": to_name,
        "from_avatar": "",
        "to_avatar": "",
    }
    payload: Json = message.attachments[0].get("payload", {}) if message.attachments else {}
    if "url" in payload:
        line["url"] = payload["url"]
    if "coordinates" in payload:
        line["location"] = payload["coordinates"]
    if message.kind in ("list", "link"):
        line["links"] = [each.get("payload", {}) for each in message.attachments]
    return line


ENDPOINTS = (
    Endpoint(
        "GET",
        "/v2.0/oa/conversation",
        conversation,
        "One conversation",
        "data",
        example={**WHO, "offset": 0, "count": 5},
    ),
    Endpoint("GET", "/v2.0/oa/listrecentchat", recent, "Latest messages", "data", example={"offset": 0, "count": 5}),
)
