"""A citizen's errands as chats, through the whole chain: procedures, offices, cameras, news, danger, officers, surveys."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.journeys.pictures import qr
from tests.journeys.province import PORTAL, PROVINCE, WARD, Province
from tests.journeys.transcript import Meet

pytestmark = pytest.mark.live


async def test_a_procedure_by_question_with_form_link_and_the_office_near_the_citizen(meet: Meet) -> None:
    talk = await meet()
    await talk.goes("""
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
    assert talk.carried == qr(f"https://zalo.me/{WARD}")


async def test_a_procedure_by_menu_and_each_of_its_sides(meet: Meet) -> None:
    talk = await meet()
    await talk.goes("""
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


async def test_what_is_out_of_scope_is_declined_and_the_second_time_a_person_is_called(meet: Meet) -> None:
    talk = await meet()
    await talk.goes("""
        citizen: nấu phở bò thế nào cho ngon
        bot: tôi chưa hiểu câu này
        bot offers: Gặp cán bộ trực | Danh mục
        citizen: đội nào vô địch bóng đá năm ngoái
        bot: vẫn chưa hiểu … đến lượt ông/bà
    """)


async def test_an_office_by_name_by_old_ward_and_by_position(meet: Meet) -> None:
    talk = await meet()
    await talk.goes("""
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


async def test_cameras_by_road_by_position_and_their_picture(meet: Meet) -> None:
    talk = await meet(PROVINCE)
    await talk.goes("""
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
    assert len(talk.carried) > 5_000


async def test_news_warnings_and_topics(meet: Meet) -> None:
    talk = await meet()
    await talk.goes("""
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


async def test_danger_first_gives_the_numbers_to_call_and_then_offers_a_tip(meet: Meet) -> None:
    talk = await meet()
    await talk.goes("""
        citizen: cháy nhà rồi cứu với
        bot: 113 … 114 … 115 … tin báo kín
        bot offers: Gọi 113 | Gọi 114 | Gọi 115 | Gửi tin báo kín
    """)
    texts = [message["text"] for message in talk.told]
    assert "114" in texts[0], "the numbers come first"


async def test_a_tip_told_in_free_text_is_offered_and_only_the_button_sends_one(meet: Meet) -> None:
    talk = await meet()
    await talk.goes("""
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


async def test_an_officer_takes_over_the_bot_keeps_silent_and_is_given_back(meet: Meet, whole: Province) -> None:
    talk = await meet(PORTAL)
    await talk.goes("""
        citizen: tôi đã nộp hồ sơ ba lần rồi vẫn bị trả
        citizen: gặp cán bộ
        bot: lượt ông/bà
    """)
    waiting = await queue(whole)
    assert any("nộp hồ sơ ba lần" in str(one["talk"]) for one in waiting), "the officer reads what was said"
    await talk.goes("""
        citizen: có ai không ạ
        bot is silent:
        officer: Dạ tôi nghe, hồ sơ của ông/bà thiếu giấy nào?
        citizen: làm căn cước cần giấy tờ gì
        bot is silent:
    """)
    assert not any("nộp hồ sơ ba lần" in str(one["talk"]) for one in await queue(whole)), "nobody waits any more"
    await talk.goes("""
        citizen: menu
        bot: Mời ông/bà chọn việc cần làm
        citizen: làm căn cước cần giấy tờ gì
        bot: CC01
    """)


async def test_half_an_hour_after_the_officers_last_words_the_talk_is_the_bots_again(
    meet: Meet, clock: "Clock"
) -> None:
    talk = await meet(WARD)
    await talk.goes("""
        citizen: gặp cán bộ
        bot: lượt ông/bà
        officer: Chào ông/bà, xong rồi nhé
        citizen: cảm ơn cán bộ
        bot is silent:
    """)
    await clock.moves(timedelta(minutes=31))
    await talk.goes("""
        citizen: làm căn cước cần giấy tờ gì
        bot: CC01
    """)


async def test_an_errand_left_half_done_is_recalled_once_and_goes_on_where_it_was(meet: Meet, clock: "Clock") -> None:
    talk = await meet(PROVINCE)
    await clock.moves(-timedelta(minutes=11))
    await talk.goes("""
        citizen: #lam f_phat_nguoi
        citizen: 99Z-001.01
        bot: Đây là xe gì
        bot: Ông/bà đang làm dở
        bot offers: Làm tiếp | Huỷ
    """)
    await clock.moves(timedelta(0))
    reminded = talk.last.count("đang làm dở")
    await talk.goes("""
        citizen taps: Làm tiếp
        bot: Đây là xe gì
        citizen: quay lại
        bot: biển số
        citizen: huỷ
        bot: Đã dừng việc
    """)
    assert reminded == 1


async def test_a_survey_by_stars_and_words_and_its_results_by_oa_and_period(
    meet: Meet, whole: Province, http: aiohttp.ClientSession
) -> None:
    began = datetime.now(UTC) - timedelta(minutes=1)
    talk = await meet(WARD)
    await talk.goes("""
        citizen: #lam f_don_vi ca_thoi_an
        bot: Địa chỉ … hài lòng với lần phục vụ vừa rồi
        citizen taps: 2
        bot: điều gì chưa tốt
        citizen: phải chờ lâu quá
        bot: Cảm ơn ông/bà đã đánh giá
    """)
    asked = {"oa_id": WARD, "since": began.isoformat(), "until": datetime.now(UTC).isoformat()}
    async with http.get(f"{whole.chatbot}/api/surveys", params=asked, headers=whole.officer) as answer:
        results = await answer.json()
    assert [row for row in results if row["errand"] == "f_don_vi"], results
    async with http.get(f"{whole.chatbot}/api/surveys", params=asked) as answer:
        assert answer.status == 401, "only for officers"


async def queue(whole: Province) -> list[dict[str, Any]]:
    async with (
        aiohttp.ClientSession(headers=whole.officer) as http,
        http.get(f"{whole.chatbot}/api/queue", params={"oa_id": PORTAL}) as answer,
    ):
        rows: list[dict[str, Any]] = await answer.json()
        return rows


class Clock:
    """The sandbox's time, which is the time that events carry."""

    def __init__(self, http: aiohttp.ClientSession, sandbox: str) -> None:
        self._http, self._sandbox = http, sandbox

    async def moves(self, by: timedelta) -> None:
        told = {"offset_seconds": by.total_seconds()}
        async with self._http.put(f"{self._sandbox}/sandbox/clock", json=told) as answer:
            answer.raise_for_status()


@pytest.fixture
async def clock(whole: Province, http: aiohttp.ClientSession) -> AsyncIterator[Clock]:
    one = Clock(http, whole.sandbox)
    yield one
    await one.moves(timedelta(0))
