"""Papers that a citizen keeps with the OA, through the whole chain."""

from io import BytesIO

import pytest
from PIL import Image

from loa.testkit.system import PORTAL
from tests.journeys.chat_script import StartChat

pytestmark = pytest.mark.live


def picture() -> bytes:
    out = BytesIO()
    Image.effect_noise((320, 200), 60).save(out, "PNG")
    return out.getvalue()


async def test_papers_are_kept_listed_sent_back_byte_for_byte_and_deleted(start_chat: StartChat) -> None:
    paper = b"%PDF-1.4\n% made up for a test\n" + bytes(range(256)) * 8 + b"\n%%EOF\n"
    chat = await start_chat(PORTAL, giay_pdf=paper, anh_png=picture())
    await chat.play("""
        citizen: #lam f_giay_to
        bot: đang trống … mã hoá
        citizen sends a file: giay.pdf
        bot: đặt tên
        citizen: Giấy chứng nhận thử
        bot: Đã lưu "Giấy chứng nhận thử"
        citizen taps: Kho giấy tờ
        bot: Giấy chứng nhận thử (PDF
        citizen sends a picture: anh.png
        bot: đặt tên
        citizen: Ảnh thẻ thử
        bot: Đã lưu "Ảnh thẻ thử"
        citizen: #lam f_giay_to
        bot: Giấy chứng nhận thử … Ảnh thẻ thử
        citizen taps: Giấy chứng nhận thử
        citizen taps: Gửi cho tôi
        bot: Đây là "Giấy chứng nhận thử" … Đã xong
        bot sends a file: Giấy chứng nhận thử.pdf
    """)
    assert chat.attachment == paper
    await chat.play("""
        citizen: #lam f_giay_to
        bot: Ảnh thẻ thử
        citizen taps: Ảnh thẻ thử
        citizen taps: Gửi cho tôi
        bot sends a picture: png
        citizen: #lam f_giay_to
        citizen taps: Giấy chứng nhận thử
        citizen taps: Xoá hẳn
        bot: không lấy lại được
        citizen taps: Đồng ý
        bot: Đã xoá hẳn
        citizen: #lam f_giay_to
        bot: Ảnh thẻ thử
        bot does not say: Giấy chứng nhận thử
    """)
