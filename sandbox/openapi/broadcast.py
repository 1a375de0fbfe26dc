"""POST /v2.0/oa/message: broadcast of an article, answer to an anonymous visitor, or a reaction, by its body."""

from typing import Any

from sandbox import events
from sandbox.calls import Call, id_of, list_of, object_of, text_of
from sandbox.clock import day, night
from sandbox.endpoints import Endpoint
from sandbox.errors import ZaloError
from sandbox.openapi.consult import MAX_TEXT
from sandbox.openapi.info import PROMOTION_PER_DAY, promotions
from sandbox.people import Contact, Draft, Json
from sandbox.platform import Platform

TARGET_LIMITS = {"ages": 7, "gender": 2, "locations": 2, "cities": 63, "platform": 3}
ICONS = ("/-strong", "/-heart", ":>", "--b", "-:((", ":-((", ":o", ":-o", ":-h", "/-remove")
MAX_REACTIONS = 50


def message(platform: Platform, call: Call) -> Json | None:
    body = call.json()
    recipient = object_of(body, "recipient")
    if "sender_action" in body:
        return _react(platform, call, recipient, object_of(body, "sender_action"))
    content = object_of(body, "message")
    if "target" in recipient:
        return _broadcast(platform, call, object_of(recipient, "target"), content)
    if "anonymous_id" in recipient:
        return _anonymous(platform, call, recipient, content)
    raise ZaloError(-240)


def _broadcast(platform: Platform, call: Call, target: Json, content: Json) -> Json:
    """To every follower that the target fits and who may still be sent promotion today."""
    _check_target(target)
    element = _article(content)
    article = platform.articles.ready(call.account.oa_id, element)
    now = platform.clock.now_ms()
    if night(now):
        raise ZaloError(-234)
    if call.account.consume("broadcast", day(now)[:7], call.account.broadcast_quota) < 0:
        raise ZaloError(-211)
    picture = article.content.get("cover", {}).get("photo_url", "")
    link = {"title": article.content["title"], "description": article.content["description"], "thumbnail": picture}
    part = {"type": "link", "payload": {**link, "url": f"{platform.media.base_url}/article/{article.article_id}"}}
    draft = Draft("list", article.content["title"], (part,))
    for contact in _followers(platform, call):
        if promotions(contact, now)[0] < PROMOTION_PER_DAY:
            contact.promotions[day(now)] = contact.promotions.get(day(now), 0) + 1
            platform.network.send(contact, draft)
    return {"message_id": platform.ids.message()}


def _check_target(target: Json) -> None:
    """Each member is a number, digits, or an array of them: sources show all three."""
    for name, value in target.items():
        if name not in TARGET_LIMITS:
            raise ZaloError(-201, "target")
        parts: list[Any] = value if isinstance(value, list) else str(value).split(",")
        if not parts or not all(str(part).strip().isdecimal() for part in parts):
            raise ZaloError(-201, f"target.{name}")
        if any(int(part) > TARGET_LIMITS[name] for part in parts):
            raise ZaloError(-210, f"target.{name}")


def _article(content: Json) -> str:
    payload = object_of(object_of(content, "attachment"), "payload")
    if payload.get("template_type") != "media":
        raise ZaloError(-233, "template_type")
    elements = list_of(payload, "elements", 1)
    if not elements or not isinstance(elements[0], dict):
        raise ZaloError(-201, "elements")
    if elements[0].get("media_type") != "article":
        raise ZaloError(-233, "media_type")
    return text_of(elements[0], "attachment_id", 200)


def _followers(platform: Platform, call: Call) -> list[Contact]:
    return [contact for contact in platform.network.people_of(call.account.oa_id) if contact.follows]


def _anonymous(platform: Platform, call: Call, recipient: Json, content: Json) -> Json:
    """Visitors without an account exist only as events here, so any pair that an event could carry is taken."""
    anonymous_id, conversation_id = id_of(recipient, "anonymous_id"), id_of(recipient, "conversation_id")
    text = text_of(content, "text", MAX_TEXT)
    platform.policy.check(text)
    message_id, now = platform.ids.message(), str(platform.clock.now_ms())
    event = {
        "event_name": "oa_send_anonymous_text",
        "app_id": call.account.record.app_id,
        "sender": {"id": call.account.oa_id},
        "recipient": {"id": anonymous_id},
        "message": {"conversation_id": conversation_id, "text": text, "msg_id": message_id},
        "timestamp": now,
    }
    platform.webhooks.send(event, call.account.oa_id, anonymous_id)
    return {"message_id": message_id, "anonymous_id": anonymous_id, "sent_time": now}


def _react(platform: Platform, call: Call, recipient: Json, action: Json) -> Json:
    contact = platform.network.contacts.get((call.account.oa_id, id_of(recipient, "user_id")))
    if contact is None:
        raise ZaloError(-201, "user_id is invalid")
    icon = text_of(action, "react_icon", 20)
    target = contact.message(text_of(action, "react_message_id", 64))
    if target is None:
        raise ZaloError(-201, "react_message_id")
    if icon not in ICONS:
        raise ZaloError(-201, "react_icon")
    if icon == "/-remove":
        target.reactions = [each for each in target.reactions if not each["from_oa"]]
    elif len(target.reactions) >= MAX_REACTIONS:
        raise ZaloError(-210, "react_icon")
    else:
        target.reactions.append({"icon": icon, "from_oa": True})
    platform.network.reaction(contact, target)
    now, account = platform.clock.now_ms(), call.account
    platform.network.emit("oa_reacted_message", contact, lambda: events.reacted(account, target, icon, now, by_oa=True))
    return {"message_id": target.message_id, "user_id": contact.user_id}


def discontinued(platform: Platform, call: Call) -> None:
    """Transaction and promotion messages by UID ended on 2026-03-01; what they answer since is not published."""
    del platform
    call.json()
    raise ZaloError(-233, "discontinued on 2026-03-01: send a template")


EXAMPLE: Json = {
    "recipient": {"target": {"gender": "0"}},
    "message": {
        "attachment": {
            "type": "template",
            "payload": {"template_type": "media", "elements": [{"media_type": "article", "attachment_id": "…"}]},
        }
    },
}
ENDPOINTS = (
    Endpoint("POST", "/v2.0/oa/message", message, "Broadcast, anonymous answer, or reaction", example=EXAMPLE),
    Endpoint("POST", "/v3.0/oa/message/transaction", discontinued, "Transaction message by UID: discontinued"),
    Endpoint("POST", "/v3.0/oa/message/promotion", discontinued, "Promotion message by UID: discontinued"),
)
