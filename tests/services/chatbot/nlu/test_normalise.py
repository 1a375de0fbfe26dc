"""However it was typed, a question is read in the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chatbot.content.models.training import TrainingData
from services.chatbot.nlu.normalise import Normaliser
from services.chatbot.nlu.training_set import build_normaliser
from services.chatbot.nlu.typing_styles import TYPING_STYLES, telex

QUESTIONS = (
    "Đăng ký tạm trú ở đâu",
    "Mất thẻ căn cước thì làm sao",
    "Đổi giấy phép lái xe hết hạn",
    "Xin trích lục khai sinh",
)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("style", [name for name in TYPING_STYLES if not name.startswith("mistyped")])
def test_a_question_reads_the_same_however_the_keyboard_left_it(normal: Normaliser, question: str, style: str) -> None:
    assert normal(TYPING_STYLES[style](question)) == normal(question)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("lafm ther cawn cuowcs", "lam the can cuoc"),
        ("la2m the3 ca8n cu7o71c", "lam the can cuoc"),
        ("lm cccd bn tiền z ad", "lam can cuoc bao nhieu tien vay admin"),
        ("đkkh ở đâu", "dang ky ket hon o dau"),
        ("nhập hk cho con", "nhap ho khau cho con"),
        ("blx hết hạn", "bang lai xe het han"),
        ("bằng lái xe", "bang lai xe"),
        ("cmnd cũ", "chung minh nhan dan cu"),
        ("ca phường thới an", "cong an phuong thoi an"),
        ("điiii đâuuuu", "di dau"),
        ("lamcancuoccongdan", "lam can cuoc"),
        ("hộ chiiếu", "ho chieu"),
        ("🙏🙏", ""),
    ],
)
def test_teencode_keyboards_abbreviations_and_errors_are_undone(normal: Normaliser, typed: str, read: str) -> None:
    assert normal(typed) == read


@pytest.mark.parametrize("name", ["karaoke", "gas", "visa", "ct01", "na17", "vneid", "a1"])
def test_names_that_are_no_vietnamese_stay(normal: Normaliser, name: str) -> None:
    assert normal(name) == name


def test_a_telex_keyboard_is_imitated_faithfully() -> None:
    assert telex("Đổi thẻ căn cước?") == "DDooir ther cawn cuwowcs?"


@given(st.text(max_size=300))
def test_any_text_at_all_becomes_plain_words(content_normaliser: Normaliser, text: str) -> None:
    read = content_normaliser(text)
    assert read.isascii()
    assert read == " ".join(read.split())


@pytest.fixture(scope="session")
def content_normaliser(training_data: TrainingData) -> Normaliser:
    return build_normaliser(training_data)
