"""The page's texts about times, sizes, kinds and ticks. Pure; everything a person reads is Vietnamese."""

from datetime import timedelta

from sandbox.clock import local
from sandbox.people import Message

OA_KINDS = {
    "police_district": ("Công an quận", "local_police"),
    "police_ward": ("Công an phường", "local_police"),
    "public_service": ("Cổng dịch vụ công", "account_balance"),
    "e_government": ("Chính quyền điện tử", "apartment"),
}
ATTACHED = {
    "image": "Hình ảnh", "gif": "Ảnh động", "file": "Tệp", "audio": "Tin nhắn thoại", "video": "Video", "sticker": "Nhãn dán",
    "location": "Vị trí", "link": "Liên kết", "business_card": "Danh thiếp", "list": "Danh sách", "template": "Tin theo mẫu",
    "request_user_info": "Yêu cầu cung cấp thông tin",
}  # fmt: skip
REACTIONS = {
    "/-strong": ("Thích", "thumb_up"),
    "/-heart": ("Yêu thích", "favorite"),
    ":>": ("Cười", "sentiment_very_satisfied"),
    ":o": ("Ngạc nhiên", "face_retouching_natural"),
    ":-((": ("Buồn", "sentiment_very_dissatisfied"),
    ":-h": ("Bực mình", "mood_bad"),
}
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
SNIPPET = 80
KILO = 1024
NO_ANSWER, NOT_SENT, OK = 0, -1, 200


def kind_of(kind: str) -> tuple[str, str]:
    """The name and the icon of a kind of OA."""
    return OA_KINDS.get(kind, ("Official Account", "verified"))


def hour(at_ms: int) -> str:
    return local(at_ms).strftime("%H:%M")


def date(at_ms: int, now_ms: int) -> str:
    """The heading above a day's messages."""
    day, today = local(at_ms).date(), local(now_ms).date()
    if day == today:
        return "Hôm nay"
    if day == today - timedelta(days=1):
        return "Hôm qua"
    return f"{WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}"


def when(at_ms: int, now_ms: int) -> str:
    """The time beside a conversation: the hour today, else the day."""
    day, today = local(at_ms).date(), local(now_ms).date()
    return hour(at_ms) if day == today else f"{day:%d/%m}" if day.year == today.year else f"{day:%d/%m/%Y}"


def size(count: int) -> str:
    if count < KILO:
        return f"{count} byte"
    if count < KILO * KILO:
        return f"{count / KILO:.0f} KB"
    return f"{count / KILO / KILO:.1f} MB".replace(".", ",")


def lasting(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    parts = [f"{minutes} phút"] * bool(minutes) + [f"{rest} giây"] * bool(rest or not minutes)
    return " ".join(parts)


def initial(name: str) -> str:
    """A Vietnamese name ends with the given name: its first letter."""
    last = name.split()[-1:] or ["?"]
    return last[0][0].upper()


def visible(message: Message) -> bool:
    """A hidden tap was sent but is not shown; what was withdrawn is gone from the chat."""
    return message.kind != "hidden" and not message.withdrawn


def attached(message: Message) -> str:
    """Returns what a message carries, in a word; empty for text alone."""
    if any(part.get("type") == "request_user_info" for part in message.attachments):
        return ATTACHED["request_user_info"]
    return ATTACHED.get(message.kind, "")


def snippet(message: Message) -> str:
    """A message in one short line."""
    text = " ".join(message.text[: 2 * SNIPPET].split())
    if not text:
        return f"[{attached(message) or 'Tin nhắn'}]"
    return text if len(text) <= SNIPPET else f"{text[:SNIPPET].rstrip()}…"


def tick(message: Message, *, undelivered: bool) -> str:
    """How far a message has come. Zalo does not report whether an OA has looked at a citizen's message, so nothing shows it."""
    if message.from_oa:
        return "Đã xem" if message.seen else "Đã nhận" if message.received else "Đã gửi"
    if message.received:
        return "OA đã nhận"
    return "OA chưa nhận được" if undelivered else "Đã gửi"


def unacknowledged(status: int) -> str:
    """Why the OA has not got it, from the status of the webhook's first attempt."""
    if status == NOT_SENT:
        return "OA chưa nhận được: webhook chưa được nối hoặc đang tắt."
    if status == NO_ANSWER:
        return "OA chưa nhận được: cổng của OA không trả lời. Zalo sẽ tự gửi lại."
    return f"OA chưa nhận được: cổng của OA trả lời mã {status}. Zalo sẽ tự gửi lại."
