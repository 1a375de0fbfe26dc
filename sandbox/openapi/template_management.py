"""Templates themselves: listed, looked into, written and edited; and what became of the messages made from them."""

from typing import Any

from pydantic import ValidationError

from sandbox.calls import Call, int_of
from sandbox.clock import day
from sandbox.endpoints import Endpoint
from sandbox.errors import ZaloError
from sandbox.people import Json
from sandbox.platform import Platform
from sandbox.templates import MAXIMA, STATUS_NUMBER, Template

PER_DAY = 100  # Templates written, and edited, per OA and day.
DELIVERED, PUSHED = 1, 0
BUTTONS = ("oa.open.url", "oa.open.phone", "oa.query.show", "oa.query.hide")


def status(platform: Platform, call: Call) -> Json:
    """Delivered (1) with its time, or pushed (0) while the phone is off. -107 for a message nobody sent."""
    sent = platform.sent.get(call.params().get("message_id", ""))
    if sent is None or sent.message.oa_id != call.account.oa_id:
        raise _zns(-107)
    delivered = sent.message.received
    words = "The message was delivered" if delivered else "The message was pushed, not yet delivered"
    answer: Json = {"status": DELIVERED if delivered else PUSHED, "message": words}
    return answer | ({"delivery_time": str(sent.message.at_ms)} if delivered else {})


def quota(platform: Platform, call: Call) -> Json:
    """Numbers here, unlike in the reply to a send."""
    account, today = call.account, day(platform.clock.now_ms())
    used = account.used.get(f"zns|{today}", 0)
    promoted = account.used.get(f"promotion|{today[:7]}", 0)
    return {
        "dailyQuota": account.daily_quota, "remainingQuota": account.daily_quota - used,
        "dailyQuotaPromotion": None, "remainingQuotaPromotion": None,
        "monthlyPromotionQuota": account.promotion_quota, "remainingMonthlyPromotionQuota": account.promotion_quota - promoted,
        "estimatedNextMonthPromotionQuota": account.promotion_quota,
    }  # fmt: skip


def quality(platform: Platform, call: Call) -> Json:
    del platform, call
    return {"oaCurrentQuality": "HIGH", "oa7dayQuality": "HIGH"}


def tags(platform: Platform, call: Call) -> list[str]:
    del platform, call
    return ["TRANSACTION", "CUSTOMER_CARE", "PROMOTION"]


def listed(platform: Platform, call: Call) -> list[Json]:
    params: Json = dict(call.params())
    offset, limit = _number(params, "offset", 0, 0, 1_000_000), _number(params, "limit", 20, 1, 100)
    wanted = _number(params, "status", 0, 0, 4)
    mine = [each for each in platform.templates.of(call.account.oa_id) if wanted in (0, STATUS_NUMBER[each.status])]
    return [
        {
            "templateId": int(each.template_id), "templateName": each.name, "createdTime": 0, "status": each.status,
            "templateQuality": each.quality,
        }
        for each in mine[offset : offset + limit]
    ]  # fmt: skip


def info(platform: Platform, call: Call) -> Json:
    template = _mine(platform, call)
    return {
        "templateId": int(template.template_id), "templateName": template.name, "status": template.status, "reason": "",
        "listParams": [
            {
                "name": p.name, "require": p.required, "type": p.type.upper(), "maxLength": MAXIMA[p.type], "minLength": 0,
                "acceptNull": False,
            }
            for p in template.params
        ],
        "listButtons": list(template.buttons), "timeout": 7_200_000, "previewUrl": "", "templateQuality": template.quality,
        "templateTag": tags(platform, call)[template.tag - 1], "price_sdt": str(template.price_sdt),
        "price_uid": str(template.price_uid), "applyTemplateQuota": False,
    }  # fmt: skip


def sample(platform: Platform, call: Call) -> Json:
    return {param.name: f"<{param.type}>" for param in _mine(platform, call).params}


def create(platform: Platform, call: Call) -> Json:
    """It waits for review; a control call approves or rejects it."""
    return _write(platform, call, call.json(), platform.ids.number()[:12], "create")


def edit(platform: Platform, call: Call) -> Json:
    """Only a rejected template may be edited: otherwise -1091."""
    body = call.json()
    template_id = body.get("template_id")
    old = platform.templates.by_id.get(template_id) if isinstance(template_id, str) else None
    if old is None or old.oa_id != call.account.oa_id:
        raise _zns(-109)
    if old.status != "REJECT":
        raise _zns(-1091)
    return _write(platform, call, body, old.template_id, "edit")


def _write(platform: Platform, call: Call, body: Json, template_id: str, what: str) -> Json:
    content = {key: value for key, value in body.items() if key not in ("template_id", "oa_id", "status")}
    content = {"name": body.get("template_name"), "type": body.get("template_type", 1), **content}
    try:
        template = Template.model_validate(
            {**content, "template_id": template_id, "oa_id": call.account.oa_id, "status": "PENDING_REVIEW"}
        )
    except ValidationError as wrong:
        raise ZaloError(-132, str(wrong.errors()[0]["loc"][0]), family="zns") from None
    for button in template.buttons:
        if button.get("type") not in BUTTONS:
            raise _zns(-113)
        if not button.get("title") or not button.get("payload"):
            raise _zns(-1131)
    if call.account.consume(f"template-{what}", day(platform.clock.now_ms()), PER_DAY) < 0:
        raise _zns(-144)
    platform.templates.by_id[template_id] = template
    return {
        "template_id": template_id,
        "template_name": template.name,
        "template_status": template.status,
        "price": str(template.price_sdt),
    }


def _mine(platform: Platform, call: Call) -> Template:
    template = platform.templates.by_id.get(call.params().get("template_id", ""))
    if template is None or template.oa_id not in ("", call.account.oa_id) or template.status == "DELETE":
        raise _zns(-109)
    return template


def _number(params: Json, name: str, default: int, low: int, high: int) -> int:
    try:
        return int_of(params, name, default, low, high)
    except ZaloError:
        raise ZaloError(-132, name, family="zns") from None


def _zns(code: int) -> ZaloError:
    return ZaloError(code, family="zns")


def _get(path: str, handler: Any, summary: str, example: Json | None = None) -> Endpoint:
    return Endpoint("GET", path, handler, summary, "query" if example else "none", "zns", example)


TEMPLATE_QUERY: Json = {"template_id": "700001"}
NEW: Json = {
    "template_name": "Thông báo",
    "template_type": 1,
    "tag": 1,
    "text": "<name>",
    "params": [{"name": "name", "type": "name"}],
}
ENDPOINTS = (
    _get("/message/status", status, "What became of a message", {"message_id": "…"}),
    _get("/message/quota", quota, "Daily quota"),
    _get("/message/template-tag", tags, "Tags the OA may send"),
    _get("/quality", quality, "Quality of the OA's sends"),
    _get("/template/all", listed, "Templates", {"offset": "0", "limit": "20", "status": "1"}),
    _get("/template/info/v2", info, "One template", TEMPLATE_QUERY),
    _get("/template/sample-data", sample, "Sample data of a template", TEMPLATE_QUERY),
    Endpoint("POST", "/template/create", create, "New template", family="zns", example=NEW),
    Endpoint(
        "POST", "/template/edit", edit, "Edit a rejected template", family="zns", example={**TEMPLATE_QUERY, **NEW}
    ),
)
