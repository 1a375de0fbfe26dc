"""Errands and courtesies said outright, in few words, however they are typed; and what only begins like one."""

import pytest

from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.content.models.training import TrainingData
from services.chatbot.nlu.normalise import Normaliser
from services.chatbot.nlu.smalltalk import SMALLTALK, Smalltalk


@pytest.fixture(scope="module")
def smalltalk(training_data: TrainingData) -> Smalltalk:
    return Smalltalk.of(training_data.language)


def test_every_wish_is_a_flow_or_a_courtesy(training_data: TrainingData) -> None:
    assert set(training_data.language.wishes) <= set(FLOW_TITLES) | SMALLTALK
    assert set(training_data.language.wishes) >= SMALLTALK


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("tin tức", "f_tin_tuc"),
        ("TIN MỚI NHẤT", "f_tin_tuc"),
        ("co tin gi moi ko", "f_tin_tuc"),
        ("cảnh báo lừa đảo mới", "f_tin_tuc"),
        ("đăng ký nhận tin cảnh báo lừa đảo", "f_dang_ky_tin"),
        ("huy dang ky nhan tin", "f_dang_ky_tin"),
        ("khảo sát hài lòng", "f_khao_sat"),
        ("đánh giá phục vụ", "f_khao_sat"),
        ("kho giấy tờ của tôi", "f_giay_to"),
        ("giay to cua toi", "f_giay_to"),
        ("trả kết quả qua bưu điện", "f_buu_chinh"),
        ("nhận kết quả tại nhà qua bưu chính", "f_buu_chinh"),
        ("rút hồ sơ", "f_rut_ho_so"),
        ("cho em rút lại hồ sơ đã nộp ạ", "f_rut_ho_so"),
        ("uỷ quyền nhận kết quả", "f_uy_quyen"),
        ("ủy quyền cho người khác lấy kết quả hồ sơ", "f_uy_quyen"),
        ("danh sách hồ sơ của tôi", "f_ho_so_cua_toi"),
        ("huỷ lịch hẹn", "f_lich_hen"),
        ("lịch hẹn của em", "f_lich_hen"),
        ("công an phường gần nhất", "f_don_vi"),
        ("đơn vị gần tôi", "f_don_vi"),
        ("xin chào", "greeting"),
        ("alo ad ơi", "greeting"),
        ("có ai ở đó không ạ", "greeting"),
        ("cảm ơn ad nhiều nha", "thanks"),
        ("thanks", "thanks"),
        ("ok", "noted"),
        ("dạ em hiểu rồi ạ", "noted"),
        ("tạm biệt", "goodbye"),
    ],
)
def test_a_wish_is_known_by_its_name(smalltalk: Smalltalk, normal: Normaliser, text: str, wish: str) -> None:
    assert smalltalk.match(normal(text)) == wish


@pytest.mark.parametrize(
    "text",
    [
        "xin chào, làm căn cước cần giấy tờ gì",
        "cảm ơn, cho hỏi phí hộ chiếu",
        "ok vậy nộp ở đâu",
        "rút hồ sơ gốc xe máy",
        "huỷ thông báo lưu trú",
        "giấy tờ của tôi bị mất",
        "chứng thực giấy uỷ quyền",
        "tin báo",
        "báo tin có người đánh bạc",
        "đánh giá xe Vision",
        "gần nhà tôi có đánh bạc",
        "đăng ký thường trú",
        "",
        "chào " * 40,
    ],
)
def test_what_says_more_or_else_is_no_wish(smalltalk: Smalltalk, normal: Normaliser, text: str) -> None:
    assert smalltalk.match(normal(text)) is None
