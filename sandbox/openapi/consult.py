"""POST /v3.0/oa/message/cs: what an OA may send to a citizen, in which shapes, and for how long after they wrote."""

import unicodedata
from typing import Any

from sandbox.calls import Call, id_of, object_of, text_of
from sandbox.clock import DAY_MS, HOUR_MS, day
from sandbox.endpoints import Endpoint
from sandbox.errors import ZaloError
from sandbox.openapi import attachments
from sandbox.people import Contact, Draft, Json
from sandbox.platform import Platform

FREE_MS = 48 * HOUR_MS
WINDOW_MS = 7 * DAY_MS
PRICE = 55  # Dong per consultation message between 48 hours and 7 days.
MAX_TEXT = 2_000


def send(platform: Platform, call: Call) -> Json:
    """Reply data {message_id, user_id, sent_time, quota?}. Without quota the message was billed."""
    body = call.json()
    contact = recipient(platform, call, object_of(body, "recipient"))
    draft = read(platform, call, object_of(body, "message"))
    check_person(platform, contact, draft.kind)
    quota = _charge(platform, call, contact)
    message = platform.network.send(contact, draft)
    data: Json = {"message_id": message.message_id, "user_id": contact.user_id, "sent_time": str(message.at_ms)}
    if quota is not None:
        data["quota"] = quota
    return data


def recipient(platform: Platform, call: Call, source: Json) -> Contact:
    """The contact behind recipient.user_id. -201 for somebody this OA has never met."""
    contact = platform.network.contacts.get((call.account.oa_id, id_of(source, "user_id")))
    if contact is None:
        raise ZaloError(-201, "user_id is invalid")
    return contact


def check_person(platform: Platform, contact: Contact, kind: str) -> None:
    """What the person's account or choice forbids: -227, -200, -244."""
    citizen = platform.network.citizens[contact.citizen_id]
    if citizen.banned:
        raise ZaloError(-227)
    if citizen.unreachable:
        raise ZaloError(-200)
    if citizen.refuses and (kind in citizen.refuses or "cs" in citizen.refuses):
        raise ZaloError(-244)


def read(platform: Platform, call: Call, message: Json) -> Draft:
    """Check one `message` object. -201, -210, -233, -248, -100 as on the platform."""
    text = message.get("text", "")
    if not isinstance(text, str):
        raise ZaloError(-201, "text")
    text = unicodedata.normalize("NFC", text)
    if len(text) > MAX_TEXT:
        raise ZaloError(-210, "text")
    platform.policy.check(text)
    quote = text_of(message, "quote_message_id", 64, needed=False)
    attachment = message.get("attachment")
    if attachment is None:
        if not text.strip():
            raise ZaloError(-201, "text")
        return Draft("text", text, quote=quote)
    if not isinstance(attachment, dict):
        raise ZaloError(-201, "attachment")
    content = attachments.read(platform, call.account.oa_id, attachment, has_text=bool(text.strip()))
    return Draft(content.kind, text, content.attachments, content.buttons, quote)


def _charge(platform: Platform, call: Call, contact: Contact) -> Json | None:
    """Where the message stands in its window: free, from the package, billed, or refused."""
    now = platform.clock.now_ms()
    if contact.last_interaction_ms == 0:
        raise ZaloError(-232)
    silent = now - contact.last_interaction_ms
    if silent <= FREE_MS:
        return {"quota_type": "reply"}
    if silent > WINDOW_MS:
        raise ZaloError(-230)
    account = call.account
    if account.sub_quota and account.consume("cs", day(now)[:7], account.sub_quota) >= 0:
        return {"quota_type": "sub_quota", "owner_type": "OA", "owner_id": account.oa_id}
    account.pay(PRICE)
    return None


EXAMPLE: dict[str, Any] = {"recipient": {"user_id": "1234567890123456789"}, "message": {"text": "Xin chào"}}
ENDPOINTS = (Endpoint("POST", "/v3.0/oa/message/cs", send, "Consultation message", example=EXAMPLE),)
