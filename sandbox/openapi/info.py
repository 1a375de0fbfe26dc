"""The OA about itself: profile and quotas."""

from typing import Any

from sandbox.calls import Call, id_of
from sandbox.clock import DAY_MS, HOUR_MS, day, local
from sandbox.endpoints import Endpoint
from sandbox.errors import ZaloError
from sandbox.openapi.users import contact_of
from sandbox.people import Contact, Json
from sandbox.platform import Platform

PACKAGES = {"basic": "Cơ bản", "standard": "Tiêu chuẩn", "growth": "Tăng trưởng", "advanced": "Toàn diện"}
PROMOTION_PER_DAY = 1
PROMOTION_PER_MONTH = 4
CS_WINDOW_MS = 48 * HOUR_MS


def getoa(platform: Platform, call: Call) -> Json:
    account = call.account
    followers = sum(contact.follows for contact in platform.network.people_of(account.oa_id))
    until = local(platform.clock.now_ms() + 365 * DAY_MS).strftime("%d/%m/%Y")
    return {
        "oa_id": account.oa_id,
        "name": account.record.name,
        "description": account.record.description,
        "oa_alias": "",
        "is_verified": account.verified,
        "oa_type": account.oa_type,
        "cate_name": "Cơ quan nhà nước",
        "num_follower": followers,
        "avatar": f"{platform.media.base_url}/media/avatar/{account.oa_id}.png",
        "cover": f"{platform.media.base_url}/media/cover/{account.oa_id}.png",
        "package_name": PACKAGES[account.package],
        "package_valid_through_date": until,
        "package_auto_renew_date": until,
        "linked_ZCA": "ZCA" if account.zca_linked else "",
    }


def quota(platform: Platform, call: Call) -> Any:
    """By {user_id}: what may still be sent to one person; by {quota_owner}: what the OA or app owns."""
    body = call.json()
    if "quota_owner" in body:
        return _assets(call, body)
    contact = contact_of(platform, call, body)
    now = platform.clock.now_ms()
    free = bool(contact.last_interaction_ms) and now - contact.last_interaction_ms <= CS_WINDOW_MS
    today, month = promotions(contact, now)
    return {
        "last_interaction": str(contact.last_interaction_ms) if contact.last_interaction_ms else "",
        "cs_reply": {"remain": 8 if free else 0, "total": 8 if free else 0},
        "promotion": {
            "daily_remain": max(0, PROMOTION_PER_DAY - today),
            "daily_total": PROMOTION_PER_DAY,
            "monthly_remain": max(0, PROMOTION_PER_MONTH - month),
            "monthly_total": PROMOTION_PER_MONTH,
        },
    }


def old_quota(platform: Platform, call: Call) -> Json:
    """{type, remain, total}: of promotion to a person, or of replies to one message."""
    body = call.json()
    if "message_id" in body:
        id_of(body, "message_id")
        return {"type": "reply", "remain": 8, "total": 8}
    if body.get("type", "promotion") != "promotion":
        raise ZaloError(-201, "type")
    today, _ = promotions(contact_of(platform, call, body), platform.clock.now_ms())
    return {"type": "promotion", "remain": max(0, PROMOTION_PER_DAY - today), "total": PROMOTION_PER_DAY}


def promotions(contact: Contact, now_ms: int) -> tuple[int, int]:
    """How many promotions this person had of this OA, today and this month."""
    today = day(now_ms)
    month = sum(count for when, count in contact.promotions.items() if when[:7] == today[:7])
    return contact.promotions.get(today, 0), month


def _assets(call: Call, body: Json) -> list[Json]:
    if body["quota_owner"] not in ("OA", "APP", "App"):
        raise ZaloError(-201, "quota_owner")
    product, kind = body.get("product_type") or "cs", body.get("quota_type") or "sub_quota"
    if product not in ("cs", "transaction", "gmf10", "gmf50", "gmf100", "gmf1000"):
        raise ZaloError(-201, "product_type")
    if kind not in ("sub_quota", "purchase_quota", "reward_quota"):
        raise ZaloError(-201, "quota_type")
    account = call.account
    used = sum(count for what, count in account.used.items() if what.startswith("cs|"))
    total = account.sub_quota if (product, kind) == ("cs", "sub_quota") else 0
    entry = {"asset_id": f"{account.oa_id}-{product}-{kind}", "product_type": product, "quota_type": kind}
    return [{**entry, "valid_through": "", "total": total, "remain": max(0, total - used)}]


WHO: Json = {"user_id": "1234567890123456789"}
ENDPOINTS = (
    Endpoint("GET", "/v2.0/oa/getoa", getoa, "The OA's profile", "none"),
    Endpoint("POST", "/v3.0/oa/quota/message", quota, "Quota with one person, or of OA and app", example=WHO),
    Endpoint("POST", "/v2.0/oa/quota/message", old_quota, "Quota, older shape", example={**WHO, "type": "promotion"}),
)
