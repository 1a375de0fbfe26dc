"""A citizen's errands as chats, through the whole chain: procedures, offices, cameras, news, danger, officers, surveys."""

import pytest

from loa.testkit.system import PROVINCE, WARD
from tests.journeys.chat_script import StartChat
from tests.journeys.pictures import qr

pytestmark = pytest.mark.live


async def test_a_procedure_by_question_with_form_link_and_the_office_near_the_citizen(start_chat: StartChat) -> None:
    chat = await start_chat()
    await chat.play("""
        citizen: làm lại căn cước bị mất cần giấy tờ gì
        bot: Cấp lại thẻ căn cước … Nguồn:
        bot offers: DC02 | Làm trực tuyến | Đặt lịch hẹn | Lệ phí
        citizen taps: DC02
        bot: biểu mẫu DC02
        bot sends a file: DC02.docx
        citizen: nộp ở đâu vậy
        bot: Nơi làm "Cấp lại thẻ căn cước" … Công an cấp xã
        citizen taps: Nơi làm gần tôi
        bot: Cấp lại thẻ căn cước … phường, xã nào
        citizen stands at: 10.8760 106.6580
        bot: Gần ông/bà nhất … Công an phường Thới An, cách
        citizen taps: Công an phường Thới An
        bot: Địa chỉ: Số 21 … Giờ làm việc … minh hoạ
        bot sends a picture: png
    """)
    assert chat.attachment == qr(f"https://zalo.me/{WARD}")


async def test_a_procedure_by_menu_and_each_of_its_sides(start_chat: StartChat) -> None:
    chat = await start_chat()
    await chat.play("""
        citizen: menu
        bot: Mời ông/bà chọn việc cần làm
        citizen taps: Thủ tục hành chính
        citizen taps: Cư trú
        citizen taps: Tạm trú
        citizen taps: Đăng ký tạm trú
        bot: Đăng ký tạm trú … Giấy tờ cần có … Thời hạn … Lệ phí … Nơi nộp
        citizen: phí bao nhiêu
        bot: Lệ phí của "Đăng ký tạm trú"
        citizen: mất mấy ngày
        bot: Thời hạn giải quyết "Đăng ký tạm trú"
    """)


async def test_what_is_out_of_scope_is_declined_and_the_second_time_a_person_is_called(start_chat: StartChat) -> None:
    chat = await start_chat()
    await chat.play("""
        citizen: nấu phở bò thế nào cho ngon
        bot: tôi chưa hiểu câu này
        bot offers: Gặp cán bộ trực | Danh mục
        citizen: đội nào vô địch bóng đá năm ngoái
        bot: vẫn chưa hiểu … đến lượt ông/bà
    """)


async def test_an_office_by_name_by_old_ward_and_by_position(start_chat: StartChat) -> None:
    chat = await start_chat()
    await chat.play("""
        citizen: tìm trụ sở công an
        bot: Tìm trụ sở gần nhất
        citizen: cong an phuong thoi an o dau
        bot: Công an phường Thới An … 028 0000 0121
        citizen taps: Tìm đơn vị
        bot: tên
        citizen: công an phường Thạnh Xuân
        bot: Công an phường Thới An
        citizen: #lam f_don_vi
        citizen stands at: 10.8672 106.6533
        bot: Gần ông/bà nhất … Công an Quận 12
    """)


async def test_cameras_by_road_by_position_and_their_picture(start_chat: StartChat) -> None:
    chat = await start_chat(PROVINCE)
    await chat.play("""
        citizen: xem camera giao thông
        bot: Ông/bà muốn xem camera nào? … Nút giao An Sương
        citizen: Cầu Phú Long
        bot: Cầu Phú Long … Ảnh chụp lúc … minh hoạ
        bot sends a picture: jpeg
        citizen taps: Việc khác
        citizen stands at: 18.6738 105.6862
        bot: Camera gần ông/bà nhất … Quảng trường trung tâm
        citizen taps: Quảng trường trung tâm
        bot sends a picture: jpeg
        citizen: huỷ
        bot: Đã dừng việc
    """)
    assert len(chat.attachment) > 5_000


async def test_news_warnings_and_topics(start_chat: StartChat) -> None:
    chat = await start_chat()
    await chat.play("""
        citizen: có tin gì mới không
        citizen: #lam f_tin_tuc
        bot: Tin mới nhất … CẢNH BÁO
        citizen: 1
        bot offers: Việc khác | Danh mục
        citizen taps: Việc khác
        bot: chủ đề nào
        citizen: lừa đảo
        bot: Tin về
        citizen taps: Nhận thông báo
        bot: Đã đăng ký nhận tin về
        citizen: #lam f_dang_ky_tin tat_ca
        bot: Đã ngừng mọi tin
    """)


async def test_danger_first_gives_the_numbers_to_call_and_then_offers_a_tip(start_chat: StartChat) -> None:
    chat = await start_chat()
    await chat.play("""
        citizen: cháy nhà rồi cứu với
        bot: 113 … 114 … 115 … tin báo kín
        bot offers: Gọi 113 | Gọi 114 | Gọi 115 | Gửi tin báo kín
    """)
    texts = [message["text"] for message in chat.messages]
    assert "114" in texts[0], "the numbers come first"


async def test_a_tip_told_in_free_text_is_offered_and_only_the_button_sends_one(start_chat: StartChat) -> None:
    chat = await start_chat()
    await chat.play("""
        citizen: tôi thấy nhóm thanh niên tụ tập đánh bạc ở nhà bên cạnh
        bot: có vẻ là tin báo
        bot offers: Gửi tin báo kín | Không phải tin báo
        bot does not say: TB-
        citizen taps: Không phải tin báo
        bot: không chuyển gì đi cả
        citizen: tôi thấy nhóm thanh niên tụ tập đánh bạc ở nhà bên cạnh
        citizen taps: Gửi tin báo kín
        bot: TB-
    """)
