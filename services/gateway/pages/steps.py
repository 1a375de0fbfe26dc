"""What an OA still misses before messages of its citizens arrive: a list of steps, from what was seen. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# What every OA of ours should have switched on at developers.zalo.me. The others come with what an OA uses.
EXPECTED: Mapping[str, str] = {
    "user_send_text": "Người dùng gửi tin nhắn dạng văn bản",
    "user_send_image": "Người dùng gửi hình ảnh",
    "user_send_video": "Người dùng gửi video",
    "user_send_audio": "Người dùng gửi âm thanh",
    "user_send_file": "Người dùng gửi tệp",
    "user_send_location": "Người dùng gửi vị trí",
    "follow": "Người dùng quan tâm OA",
    "unfollow": "Người dùng bỏ quan tâm OA",
    "user_received_message": "Người dùng nhận được tin nhắn",
    "user_seen_message": "Người dùng đã xem tin nhắn",
    "oa_send_text": "OA gửi tin nhắn dạng văn bản",
    "user_submit_info": "Người dùng gửi thông tin liên hệ",
    "user_withdraw": "Người dùng yêu cầu xóa dữ liệu",
}
_STALE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class OaStatus:
    """What the registry knows of one OA. `secrets` counts its own and its app's."""

    enabled: bool
    secrets: int
    verifications: int
    events: Mapping[str, datetime]
    refused_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    done: bool
    title: str
    advice: str  # What to do while it is not done; what was seen when it is.


def steps(oa: OaStatus, now: datetime) -> list[Step]:
    return [_enabled(oa), _secret(oa), _domain(oa), _webhook(oa, now), _token(oa), *_events(oa)]


def last_event(oa: OaStatus) -> datetime | None:
    return max(oa.events.values(), default=None)


def _enabled(oa: OaStatus) -> Step:
    return Step(
        oa.enabled,
        "OA đang được bật trong hệ thống",
        "Loa đang tiếp nhận tin của OA này."
        if oa.enabled
        else "OA đang bị tắt. Quản trị viên bật lại bằng lệnh: loa oa enable.",
    )


def _secret(oa: OaStatus) -> Step:
    last = last_event(oa)
    wrong = oa.refused_at is not None and (last is None or oa.refused_at > last)
    if not oa.secrets:
        advice = (
            "Chưa có khóa. Mở developers.zalo.me → Ứng dụng → Webhook, sao chép OA Secret Key (không phải App Secret) "
            "rồi nhập bằng lệnh: loa oa rotate."
        )
    elif wrong:
        advice = (
            "Zalo vừa gửi sự kiện nhưng chữ ký không khớp: khóa đã nhập có thể là App Secret, hoặc khóa trên Zalo vừa "
            "được đặt lại. Vui lòng nhập lại."
        )
    else:
        advice = "Đã có khóa để kiểm tra chữ ký của Zalo."
    return Step(bool(oa.secrets) and not wrong, "Khóa bí mật của OA (OA Secret Key)", advice)


def _domain(oa: OaStatus) -> Step:
    verified = oa.verifications > 0 or bool(oa.events)
    advice = (
        "Tên miền đã có mã xác thực."
        if verified
        else "Chưa có mã. Sao chép mã ở mục Xác thực tên miền trên developers.zalo.me rồi nhập bằng lệnh: loa oa app."
    )
    return Step(verified, "Xác thực tên miền với Zalo", advice)


def _webhook(oa: OaStatus, now: datetime) -> Step:
    last = last_event(oa)
    if last is None:
        return Step(
            False,
            "Zalo đã gửi sự kiện đến hệ thống",
            "Chưa thấy sự kiện nào. Kiểm tra địa chỉ webhook bên dưới, rồi nhắn thử một tin cho OA.",
        )
    if now - last > _STALE:
        return Step(
            False,
            "Zalo đã gửi sự kiện đến hệ thống",
            "Đã quá ba ngày không có sự kiện nào. Webhook có thể đã bị Zalo ngắt; hãy kiểm tra và bật lại.",
        )
    return Step(True, "Zalo đã gửi sự kiện đến hệ thống", "Sự kiện vẫn đến đều.")


def _token(oa: OaStatus) -> Step:
    """The gateway holds no token; an echo of what the OA sent by itself proves that one works."""
    sent = any(name.startswith("oa_send_") and not name.endswith("#officer") for name in oa.events)
    advice = (
        "OA đã gửi được tin qua hệ thống."
        if sent
        else "Chưa thấy tin nào OA gửi qua hệ thống. Cấp quyền cho ứng dụng (OAuth), bật sự kiện oa_send_text, "
        "rồi nhắn thử để OA trả lời."
    )
    return Step(sent, "Quyền gửi tin (access token) hoạt động", advice)


def _events(oa: OaStatus) -> list[Step]:
    names = {name.partition("#")[0] for name in oa.events}
    return [
        Step(
            name in names,
            f"Sự kiện: {title}",
            "Đã nhận."
            if name in names
            else f"Chưa thấy {name}. Bật sự kiện này ở mục Webhook; nếu đã bật, hãy thử một lần.",
        )
        for name, title in EXPECTED.items()
    ]
