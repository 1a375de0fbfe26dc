"""Templates by phone number (business.openapi.zalo.me) and by UID (openapi.zalo.me)."""

import re
from collections.abc import Callable
from typing import TypeVar

from sandbox import template_billing, templates
from sandbox.calls import Call
from sandbox.clock import HOUR_MS, night
from sandbox.endpoints import Endpoint
from sandbox.errors import ZaloError
from sandbox.openapi.consult import check_person
from sandbox.openapi.users import contact_of
from sandbox.people import Citizen, Json
from sandbox.platform import Platform
from sandbox.templates import OTP, PROMOTION, RATING, Sent, Template

PHONE = re.compile(r"\+?84[0-9]{9}|0[0-9]{9}")
HASH = re.compile(r"[0-9a-f]{64}")
TRACKING = re.compile(r"[A-Za-z0-9_-]{1,48}")
T = TypeVar("T")
OA_PROMOTION = -1441
CARE_MS = 365 * 24 * HOUR_MS


def by_phone(platform: Platform, call: Call) -> Json:
    body = _body(call)
    phone = body.get("phone")
    if not isinstance(phone, str) or not PHONE.fullmatch(phone):
        raise _zns(-108)
    digits = phone.removeprefix("+")
    citizen_id = platform.network.phones.get(f"84{digits[1:]}" if digits.startswith("0") else digits)
    return _send(platform, call, body, citizen_id)


def by_hash(platform: Platform, call: Call) -> Json:
    """The phone as SHA-256 of 84…, in hex."""
    body = _body(call)
    hashed = body.get("hash_phone", body.get("phone"))
    if not isinstance(hashed, str) or not HASH.fullmatch(hashed):
        raise _zns(-108)
    return _send(platform, call, body, platform.network.hashed_phone(hashed))


def by_uid(platform: Platform, call: Call) -> Json:
    """No interaction window, no tracking id. -249 for what may not go by UID; -213 to who is no follower."""
    body = call.json()
    contact = contact_of(platform, call, body)
    template = _uid_template(platform, call, body)
    data = _in_oa_words(lambda: templates.check(template, body.get("template_data")))
    check_person(platform, contact, "template")
    if not contact.follows:
        raise ZaloError(-213)
    if template.tag == PROMOTION:
        if night(platform.clock.now_ms()):
            raise ZaloError(-234)
        try:
            template_billing.promotion(platform, template, call.account, contact)
        except ZaloError as error:
            raise ZaloError(-211 if error.code == OA_PROMOTION else -218) from None
    platform.policy.check(template.filled(data))
    call.account.pay(template.price_uid)
    message = platform.network.send(contact, template_billing.drafted(template, data))
    platform.sent[message.message_id] = Sent(message, "", template.template_id)
    return {"message_id": message.message_id, "user_id": contact.user_id, "sent_time": str(message.at_ms)}


def _uid_template(platform: Platform, call: Call, body: Json) -> Template:
    template = _in_oa_words(lambda: platform.templates.usable(body.get("template_id"), call.account.oa_id))
    if not template.by_uid or template.type in (OTP, RATING):
        raise ZaloError(-249)
    return template


def _in_oa_words(check: Callable[[], T]) -> T:
    """The same checks, answered with the codes of openapi.zalo.me: -210 for too long, -201 for the rest."""
    try:
        return check()
    except ZaloError as error:
        too_long = error.code in (-1121, -130)
        raise ZaloError(-210 if too_long else -201, error.detail or "template_id") from None


def _send(platform: Platform, call: Call, body: Json, citizen_id: str | None) -> Json:
    account, trial = call.account, body.get("mode") == "development"
    mode, tracking = body.get("sending_mode", "1"), body.get("tracking_id", "")
    if str(mode) not in ("1", "3") or body.get("mode") not in (None, "development"):
        raise ZaloError(-132, "mode, sending_mode", family="zns")
    if tracking and not (isinstance(tracking, str) and TRACKING.fullmatch(tracking)):
        raise ZaloError(-132, "tracking_id", family="zns")
    template_billing.check_oa(account)
    template = platform.templates.usable(body.get("template_id"), account.oa_id, trial=trial)
    data = templates.check(template, body.get("template_data"))
    _policy(platform, template, data)
    if template.type == OTP and str(mode) == "3":
        raise _zns(-145)
    if template.daytime_only and night(platform.clock.now_ms()):
        raise _zns(-133)
    citizen = _citizen(platform, citizen_id, account.oa_id, trial=trial)
    contact = platform.network.contact(citizen.citizen_id, account.oa_id)
    if template.tag != 1 and not _recently_active(contact.last_interaction_ms, platform.clock.now_ms()):
        raise _zns(-140)
    template_billing.promotion(platform, template, account, contact)
    remaining = template_billing.quotas(platform, template, account)
    template_billing.pay(account, template.price_sdt, trial=trial)
    message = template_billing.deliver(platform, contact, template, data, tracking)
    quota = {"dailyQuota": str(account.daily_quota), "remainingQuota": str(remaining)}
    return {"msg_id": message.message_id, "sent_time": str(message.at_ms), "sending_mode": str(mode), "quota": quota}


def _citizen(platform: Platform, citizen_id: str | None, oa_id: str, *, trial: bool) -> Citizen:
    citizen = platform.network.citizens.get(citizen_id or "")
    if citizen is None or not citizen.has_zalo:
        raise _zns(-118)
    if trial and not citizen.administrator:
        raise _zns(-127)
    template_billing.person(citizen, oa_id)
    return citizen


def _recently_active(last_ms: int, now_ms: int) -> bool:
    return bool(last_ms) and now_ms - last_ms <= CARE_MS


def _policy(platform: Platform, template: Template, data: Json) -> None:
    try:
        platform.policy.check(template.filled(data))
    except ZaloError:
        raise _zns(-116) from None


def _body(call: Call) -> Json:
    if not call.body.strip():
        raise _zns(-121)
    body = call.json()
    if not body:
        raise _zns(-121)
    return body


def _zns(code: int) -> ZaloError:
    return ZaloError(code, family="zns")


DATA: Json = {"name": "Nguyễn Văn Thử", "dossier_code": "H01-1", "status": "Đang xử lý", "date": "22/11/2026"}
SEND: Json = {"phone": "84900000000", "template_id": "700001", "template_data": DATA, "tracking_id": "t-1"}
HASHED: Json = {"hash_phone": "0" * 64, **{key: SEND[key] for key in ("template_id", "template_data", "tracking_id")}}
BY_UID: Json = {"user_id": "1234567890123456789", "template_id": "700001", "template_data": DATA}
ENDPOINTS = (
    Endpoint("POST", "/v3.0/oa/message/template", by_uid, "Template by UID", example=BY_UID),
    Endpoint("POST", "/message/template", by_phone, "Template by phone", family="zns", example=SEND),
    Endpoint("POST", "/message/template/hashphone", by_hash, "Template by hashed phone", family="zns", example=HASHED),
)
