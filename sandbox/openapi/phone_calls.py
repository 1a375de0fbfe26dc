"""Calls: a citizen's consent by phone number, and the links by which a call is begun."""

from sandbox.calls import Call, id_of, int_of, text_of
from sandbox.clock import DAY_MS, night
from sandbox.endpoints import Endpoint
from sandbox.errors import ZaloError
from sandbox.fast_router import OK, OtherReplyError
from sandbox.network import Change, international
from sandbox.openapi.users import contact_of
from sandbox.people import Contact, Json
from sandbox.platform import Platform

ANSWER_MS = DAY_MS  # The citizen has a day to answer.
CONSENT_MS = 30 * DAY_MS
LINK_SECONDS = 172_800
MOST_REQUESTS = 5
KINDS = ("audio", "video", "audio_and_video")
REASONS = (101, 103, 105, 106, 107)
STATES = {
    2: "Consent request has been sent", 3: "User refused", 4: "User blocked calls", 5: "Too many consent requests",
    9: "User has never interacted with the OA", 16: "Consent has expired", 18: "Outside calling hours",
    20: "Consent was never asked for",
}  # fmt: skip


def request_consent(platform: Platform, call: Call) -> Json:
    """Ask once; the answer arrives as user_reply_consent."""
    body = call.json()
    if body.get("call_type") not in KINDS:
        raise ZaloError(-201, "call_type")
    if int_of(body, "reason_code", 0, 0, 10_000) not in REASONS:
        raise ZaloError(-201, "reason_code")
    contact = _by_phone(platform, call, text_of(body, "phone", 20))
    citizen = platform.network.citizens[contact.citizen_id]
    if citizen.blocks_invites:
        raise ZaloError(-217)
    now = platform.clock.now_ms()
    attempts = (contact.consent or {}).get("asked", 0) + 1
    if attempts > MOST_REQUESTS:
        raise _state(5)
    contact.consent = {"state": "sent", "at_ms": now, "asked": attempts, "call_type": body["call_type"]}
    fields = {
        "phone": citizen.phone, "request_type": "SENT", "create_time": str(now), "expired_time": str(now + ANSWER_MS),
    }  # fmt: skip
    platform.network.publish(Change("call", contact.oa_id, contact.citizen_id))
    platform.network.emit(
        "oa_send_consent", contact, lambda: platform.citizen_actions.rooted("oa_send_consent", contact, fields)
    )
    return {"phone": citizen.phone, "expired_time": str(now + ANSWER_MS)}


def check_consent(platform: Platform, call: Call) -> Json:
    """Error 0 when the OA may call; otherwise a positive number says why not."""
    contact = _by_phone(platform, call, text_of(call.data(), "phone", 20))
    now, consent = platform.clock.now_ms(), contact.consent
    if contact.last_interaction_ms == 0:
        raise _state(9)
    if consent is None:
        raise _state(20)
    if consent["state"] in ("refused", "blocked"):
        raise _state(3 if consent["state"] == "refused" else 4)
    if now - consent["at_ms"] > (ANSWER_MS if consent["state"] == "sent" else CONSENT_MS):
        raise _state(16)
    if consent["state"] == "sent":
        raise _state(2)
    if night(now):
        raise _state(18)
    return {"phone": platform.network.citizens[contact.citizen_id].phone, "call_type": consent["call_type"]}


def link(platform: Platform, call: Call) -> Json:
    """A link and a QR with which an agent begins the call; good for two days."""
    body = call.json()
    contact = contact_of(platform, call, body)
    if body.get("call_type") not in KINDS:
        raise ZaloError(-201, "call_type")
    if body.get("agent_id") is not None:
        id_of(body, "agent_id")
    address = f"https://zalo.me/call/{call.account.oa_id}/{contact.user_id}"
    return {"call_link": address, "qr_code": address, "ttl": LINK_SECONDS}


def information(platform: Platform, call: Call) -> Json:
    del platform
    return {"oa_id": call.account.oa_id, "inbound": True, "outbound": True}


def _by_phone(platform: Platform, call: Call, phone: str) -> Contact:
    citizen_id = platform.network.phones.get(international(phone))
    if citizen_id is None:
        raise ZaloError(-201, "phone")
    return platform.network.contact(citizen_id, call.account.oa_id)


def _state(code: int) -> OtherReplyError:
    return OtherReplyError(OK, {"error": code, "message": STATES[code]})


CONSENT_EXAMPLE: Json = {"phone": "84900000000", "call_type": "audio", "reason_code": 101}
WHOM: Json = {"user_id": "1234567890123456789", "call_type": "audio"}
ENDPOINTS = (
    Endpoint(
        "POST", "/v2.0/oa/call/requestconsent", request_consent, "Ask for consent to call", example=CONSENT_EXAMPLE
    ),
    Endpoint(
        "GET", "/v2.0/oa/call/checkconsent", check_consent, "Is there consent", "data", example={"phone": "84900000000"}
    ),
    Endpoint("POST", "/v3.0/oa/call/outbound", link, "Link for a call to a citizen", example=WHOM),
    Endpoint("POST", "/v3.0/oa/call/inbound", link, "Link for a citizen's call", example=WHOM),
    Endpoint("GET", "/v2.0/oa/call/getmccinfo", information, "Call settings of the OA", "none"),
)
