"""Which side is asked, and whether somebody is in danger."""

import pytest

from services.chatbot.content.models.training import TrainingData
from services.chatbot.nlu.facets import Facets
from services.chatbot.nlu.normalise import Normaliser
from services.chatbot.nlu.safety_signals import SafetySignals


@pytest.fixture(scope="module")
def facets(training_data: TrainingData) -> Facets:
    return Facets.of(training_data.language)


@pytest.fixture(scope="module")
def safety_signals(training_data: TrainingData) -> SafetySignals:
    return SafetySignals.of(training_data.language)


@pytest.mark.parametrize(
    ("question", "facet"),
    [
        ("làm hộ chiếu cần giấy tờ gì", "papers"),
        ("lm cccd mang theo j z", "papers"),
        ("các bước đăng ký xe", "steps"),
        ("làm hộ chiếu bao nhiêu tiền", "fee"),
        ("làm căn cước có mất phí ko", "fee"),
        ("làm căn cước mấy ngày có", "time"),
        ("đăng ký kết hôn mất bao lâu", "time"),
        ("đăng ký tạm trú ở đâu", "place"),
        ("khai sinh làm ở phường hay quận", "place"),
        ("cho xin mẫu CT01", "form"),
        ("tải tờ khai khai sinh ở đâu", "form"),
        ("đăng ký tạm trú online được không", "online"),
        ("luật nào quy định tách hộ", "legal"),
        ("làm căn cước thế nào", "whole"),
        ("thủ tục đăng ký thường trú", "whole"),
        ("sửa dữ liệu quốc gia về dân cư", "whole"),
        ("gia hạn tạm trú được không", "whole"),
        ("làm căn cước lần đầu", "whole"),
    ],
)
def test_the_facet_asked_is_found(facets: Facets, normal: Normaliser, question: str, facet: str) -> None:
    assert facets.find([normal(question)])[0] == facet


def test_a_story_is_asked_at_its_end(facets: Facets, normal: Normaliser) -> None:
    segments = [
        "hôm qua em ra phường hỏi giấy tờ gì cũng không ai biết",
        "làm lại căn cước mất bao nhiêu tiền",
        "em cảm ơn",
    ]
    assert facets.find([normal(segment) for segment in segments])[0] == "fee"


@pytest.mark.parametrize(
    "text",
    [
        "nhà hàng xóm đang cháy",
        "chay nha roi cuu voi",
        "có cướp đang phá cửa nhà tôi",
        "tôi không muốn sống nữa",
        "em muốn tự tử",
        "nó cầm dao đuổi theo em",
        "có người bị đâm trước hẻm",
    ],
)
def test_danger_to_life_is_seen(safety_signals: SafetySignals, normal: Normaliser, text: str) -> None:
    assert safety_signals.danger(normal(text), text)


@pytest.mark.parametrize(
    "text",
    [
        "thẩm duyệt phòng cháy chữa cháy",
        "từ từ đã em chưa hiểu",
        "làm hộ chiếu ở đâu",
        "xem phim cướp biển",
        "nghiệm thu pccc cho nhà xưởng",
        "mất xe máy báo ở đâu",
        "tôi bị mất căn cước",
        "đang chạy xe mà bị công an thổi phạt",
    ],
)
def test_everyday_questions_are_no_emergency(safety_signals: SafetySignals, normal: Normaliser, text: str) -> None:
    assert not safety_signals.danger(normal(text), text)
