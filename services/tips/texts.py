"""What a reporter reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from contracts.message import Button, ButtonKind, MessagePart, OutboundMessage
from services.tips.media.missing import Missing


class ReplyKind(StrEnum):
    OPENED = "opened"
    STILL_OPEN = "still_open"
    GOT_WORDS = "got_words"
    GOT_MEDIA = "got_media"
    DONE = "done"
    DONE_EMPTY = "done_empty"
    CANCELLED = "cancelled"
    ENOUGH = "enough"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reply:
    kind: ReplyKind
    code: str = field(default="", repr=False)
    taken: int = 0  # Photos, videos and places from just before, which now belong to the tip.


_FINISH = Button(title="Đã gửi xong", kind=ButtonKind.HIDE, payload="#xong")
_CANCEL = Button(title="Huỷ tin báo", kind=ButtonKind.HIDE, payload="#huy")
_NEW_TIP = Button(title="Gửi tin báo mới", kind=ButtonKind.HIDE, payload="#tinbao")

_BACK = Button(title="Trở lại hỏi đáp", kind=ButtonKind.HIDE, payload="#xong")

_DANGER = "Nếu có người đang gặp nguy hiểm, xin gọi ngay 113 (công an), 114 (cháy, cứu nạn) hoặc 115 (cấp cứu)."

_TEXTS: dict[ReplyKind, str] = {
    ReplyKind.OPENED: (
        "Cảm ơn quý vị đã tin báo. Mã biên nhận: {code}\n"
        "Xin quý vị lưu lại mã này.{taken}\n\n"
        f"⚠️ {_DANGER}\n\n"
        "Xin quý vị cho biết, trong một hay nhiều tin nhắn:\n"
        "• Việc gì đã hoặc đang xảy ra?\n"
        "• Ở đâu? (có thể gửi vị trí)\n"
        "• Khi nào?\n"
        "• Ai liên quan, có đặc điểm gì, nếu quý vị biết?\n"
        "Quý vị có thể gửi kèm ảnh, video, ghi âm, tệp (mỗi tệp tối đa {megabytes} MB). "
        "Xin đừng tự đặt mình vào nguy hiểm để thu thập chứng cứ.\n\n"
        "🔒 Nội dung được mã hoá ngay khi nhận; tin báo khép lại rồi thì chỉ cán bộ tiếp nhận có thẩm quyền mở được. "
        "Danh tính của quý vị được giữ bí mật và lưu tách riêng khỏi tin báo. Zalo vẫn lưu những gì quý vị gửi tại đây; lời nhắn "
        "quý vị gửi trước khi bấm tin báo không thuộc tin báo này.\n"
        "Tin gửi qua Zalo là thông tin để cơ quan công an nắm và xác minh, không phải là đơn tố cáo "
        "theo Luật Tố cáo. Nếu muốn tố cáo, xin quý vị gửi đơn có chữ ký hoặc đến trình bày trực tiếp tại cơ quan công an.\n\n"
        "Gửi xong, xin bấm “Đã gửi xong” (hoặc nhắn #xong); sau 30 phút không có tin mới, tin báo tự khép lại và vẫn "
        "được chuyển đi. Muốn thôi, bấm “Huỷ tin báo” (hoặc nhắn #huy): nội dung đã gửi bị xoá khỏi hệ thống tiếp nhận."
    ),
    ReplyKind.STILL_OPEN: (
        "Tin báo {code} vẫn đang mở. Quý vị cứ gửi tiếp nội dung, ảnh, video hoặc vị trí tại đây.\n" + _DANGER
    ),
    ReplyKind.GOT_WORDS: (
        "Đã nhận nội dung tin báo {code}. Quý vị có thể gửi tiếp; chúng tôi ghi nhận mọi tin nhắn của quý vị, "
        "kể cả khi không trả lời từng tin."
    ),
    ReplyKind.GOT_MEDIA: (
        "Đang nhận tư liệu của tin báo {code}. Tệp nào không nhận được, chúng tôi báo ngay tại đây, xin quý vị chờ ít phút "
        "rồi hãy bấm “Đã gửi xong”. Quý vị có thể gửi tiếp hoặc viết thêm về nơi và lúc xảy ra."
    ),
    ReplyKind.DONE: (
        "Tin báo {code} đã được ghi nhận và chuyển tới cán bộ tiếp nhận. Cảm ơn quý vị đã góp phần giữ gìn an ninh, "
        "trật tự. Tệp còn đang tải sẽ được nhận tiếp vào tin báo này.\n"
        "Xin giữ mã biên nhận và không chia sẻ mã với người khác. Để an toàn, quý vị có thể xoá cuộc trò chuyện này trên "
        " điện thoại của mình.\n" + _DANGER
    ),
    ReplyKind.DONE_EMPTY: (
        "Tin báo {code} đã đóng nhưng quý vị chưa gửi nội dung nào. Nếu muốn tin báo, xin bấm nút dưới đây rồi cho biết "
        "việc gì xảy ra, ở đâu, khi nào.\n" + _DANGER
    ),
    ReplyKind.CANCELLED: (
        "Đã huỷ tin báo. Nội dung quý vị vừa gửi đã bị xoá khỏi hệ thống tiếp nhận cùng khoá giải mã; bản niêm phong trên đường "
        "truyền hết mở được trong vài ngày tới. Tin nhắn vẫn còn trong cuộc trò chuyện Zalo này, quý vị có thể tự xoá. "
        "Khi cần, quý vị có thể tin báo lại bất cứ lúc nào.\n" + _DANGER
    ),
    ReplyKind.ENOUGH: (
        "Hôm nay quý vị đã gửi nhiều tin báo, quá mức nhận qua Zalo trong một ngày, nên tin này chưa được ghi nhận. Xin quý vị "
        "gọi hoặc đến cơ quan công an nơi gần nhất, hoặc gửi lại vào ngày mai.\n" + _DANGER
    ),
    ReplyKind.FAILED: (
        "Xin lỗi quý vị, tin nhắn vừa rồi chưa được tiếp nhận; lỗi đã được ghi lại để khắc phục. "
        "Xin quý vị gửi lại hoặc viết cách khác.\n" + _DANGER
    ),
}
_BUTTONS: dict[ReplyKind, tuple[Button, ...]] = {
    ReplyKind.OPENED: (_FINISH, _CANCEL),
    ReplyKind.STILL_OPEN: (_FINISH, _CANCEL),
    ReplyKind.GOT_WORDS: (_FINISH, _CANCEL),
    ReplyKind.GOT_MEDIA: (_FINISH, _CANCEL),
    ReplyKind.DONE: (),
    ReplyKind.DONE_EMPTY: (_NEW_TIP,),
    ReplyKind.CANCELLED: (),
    ReplyKind.ENOUGH: (_BACK,),
    ReplyKind.FAILED: (),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reporter may send."""

    file_bytes: int
    files_of_a_case: int

    @property
    def megabytes(self) -> int:
        return self.file_bytes // (1024 * 1024)


_MISSING: dict[Missing, str] = {
    Missing.SIZE: "{count} tệp lớn hơn {megabytes} MB, xin quý vị gửi đoạn ngắn hơn hoặc chia thành nhiều đoạn",
    Missing.HOST: "{count} tệp là đường dẫn ngoài Zalo, xin quý vị gửi chính tệp đó tại đây",
    Missing.FILES: "{count} tệp vượt quá {files} tệp của một tin báo, xin quý vị kể tiếp bằng lời",
    Missing.TODAY: "{count} tệp vượt quá mức nhận trong một ngày, xin quý vị kể tiếp bằng lời",
    Missing.DISK: "{count} tệp phải chờ vì nơi lưu trữ tạm hết chỗ, chúng tôi sẽ thử lại",
    Missing.LATER: "{count} tệp chưa tải về được, chúng tôi vẫn đang thử lại; nếu tiện, xin quý vị gửi lại",
    Missing.LOST: "{count} tệp không tải về được, xin quý vị gửi lại",
}


def missing_message(counts: Mapping[Missing, int], limits: Limits) -> OutboundMessage:
    """One line about the files that could not be taken, by why. Whoever reads it over a shoulder learns nothing of the tip."""
    reasons = [
        _MISSING[why].format(count=counts[why], megabytes=limits.megabytes, files=limits.files_of_a_case)
        for why in Missing
        if counts.get(why)
    ]
    text = f"Chưa nhận được: {'; '.join(reasons)}. Những gì quý vị đã nhắn vẫn được ghi nhận."
    return OutboundMessage(parts=(MessagePart(text=text),))


def outbound_message(reply: Reply, limits: Limits) -> OutboundMessage:
    taken = f"\nĐang nhận kèm {reply.taken} tư liệu quý vị gửi ngay trước đó." if reply.taken else ""
    text = _TEXTS[reply.kind].format(code=reply.code, taken=taken, megabytes=limits.megabytes)
    return OutboundMessage(parts=(MessagePart(text=text, buttons=_BUTTONS[reply.kind]),))
