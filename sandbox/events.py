"""The webhooks of a conversation, as dictionaries in the member order of real captures. Pure."""

from sandbox.accounts import Account
from sandbox.people import Contact, Json, Message

USER_KINDS = (
    "text", "image", "gif", "link", "audio", "video", "sticker", "location", "business_card", "file",
)  # fmt: skip


def user_sent(account: Account, message: Message, by_app: str) -> Json:
    """user_send_<kind>: the OA is the recipient."""
    content: Json = {}
    if message.text:
        content["text"] = message.text
    content["msg_id"] = message.message_id
    if message.quote:
        content["quote_msg_id"] = message.quote
    if message.attachments:
        content["attachments"] = message.attachments
    return {
        "event_name": f"user_send_{message.kind}",
        "app_id": account.record.app_id,
        "sender": {"id": message.user_id},
        "recipient": {"id": message.oa_id},
        "message": content,
        "timestamp": str(message.at_ms),
        "user_id_by_app": by_app,
    }


def oa_sent(account: Account, message: Message) -> Json:
    """The echo oa_send_<kind>: the OA is the sender; only a human reply carries admin_id."""
    sender: Json = {"id": message.oa_id}
    if message.admin_id:
        sender["admin_id"] = message.admin_id
    content: Json = {"text": message.text, "msg_id": message.message_id}
    if message.attachments:
        content["attachments"] = message.attachments
    return {
        "event_name": f"oa_send_{message.kind}",
        "app_id": account.record.app_id,
        "sender": sender,
        "recipient": {"id": message.user_id},
        "message": content,
        "timestamp": str(message.at_ms),
    }


def received(account: Account, message: Message, at_ms: int) -> Json:
    """user_received_message: against expectation the OA is the *sender*."""
    return _receipt("user_received_message", account, message, {"msg_id": message.message_id}, at_ms)


def seen(account: Account, message: Message, at_ms: int) -> Json:
    """user_seen_message: a list of ids, even for one."""
    return _receipt("user_seen_message", account, message, {"msg_ids": [message.message_id]}, at_ms)


def template_received(account: Account, phone: str, message_id: str, tracking_id: str, at_ms: int) -> Json:
    """The ZNS variant: the recipient is a phone number; the true time is delivery_time."""
    return {
        "event_name": "user_received_message",
        "app_id": account.record.app_id,
        "sender": {"id": account.oa_id},
        "recipient": {"id": phone},
        "message": {"delivery_time": str(at_ms), "msg_id": message_id, "tracking_id": tracking_id},
        "timestamp": str(at_ms),
    }


def followed(account: Account, contact: Contact, by_app: str, source: str, at_ms: int, *, on: bool) -> Json:
    """`follow` and `unfollow`: oa_id stands at the root."""
    return {
        "oa_id": account.oa_id,
        "follower": {"id": contact.user_id},
        "user_id_by_app": by_app,
        "event_name": "follow" if on else "unfollow",
        "source": source,
        "app_id": account.record.app_id,
        "timestamp": str(at_ms),
    }


def reacted(account: Account, message: Message, icon: str, at_ms: int, *, by_oa: bool) -> Json:
    user, oa = {"id": message.user_id}, {"id": message.oa_id}
    return {
        "event_name": "oa_reacted_message" if by_oa else "user_reacted_message",
        "app_id": account.record.app_id,
        "sender": oa if by_oa else user,
        "recipient": user if by_oa else oa,
        "message": {"msg_id": message.message_id, "react_icon": icon},
        "timestamp": str(at_ms),
    }


def _receipt(name: str, account: Account, message: Message, content: Json, at_ms: int) -> Json:
    return {
        "event_name": name,
        "app_id": account.record.app_id,
        "sender": {"id": message.oa_id},
        "recipient": {"id": message.user_id},
        "message": content,
        "timestamp": str(at_ms),
    }
