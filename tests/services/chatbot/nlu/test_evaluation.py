"""The real content: what must be understood is, on questions that training never saw."""

from collections import Counter
from pathlib import Path

import pytest

from services.chatbot.content import ContentErrors
from services.chatbot.content.models.training import TrainingData
from services.chatbot.nlu import NluModel
from services.chatbot.nlu.evaluation import SPLITS, Case, abridged, cpu_ms, figures, predict, read_cases
from services.chatbot.nlu.normalise import Normaliser
from services.chatbot.nlu.result import CATALOGUE
from services.chatbot.nlu.typing_styles import TYPING_STYLES
from tests.services.chatbot.content.content_files import SHIPPED

pytestmark = pytest.mark.slow  # `make eval` tells the same, with figures.


def _cases(name: str) -> list[Case]:
    return read_cases(SHIPPED / "evaluation" / f"{name}.tsv")


@pytest.mark.parametrize("part", SPLITS)
def test_questions_are_understood_as_promised(model: NluModel, part: str) -> None:
    test_cases = _cases(part)
    measured = figures(test_cases, predict(model.understand, test_cases))
    assert measured.first >= 0.92
    assert measured.three >= 0.97
    assert measured.right >= 0.88
    assert measured.wrong <= 0.08
    assert measured.out_f1 >= 0.82
    assert measured.facet >= 0.88


@pytest.mark.parametrize("style", ["no diacritics", "NFD", "upper case", "emoji"])
def test_how_it_is_typed_costs_less_than_two_points(model: NluModel, style: str) -> None:
    test_cases = [case for part in SPLITS for case in _cases(part) if case.style == "full"]
    typed = [case.restyled(TYPING_STYLES[style]) for case in test_cases]
    plain, otherwise = (figures(some, predict(model.understand, some)) for some in (test_cases, typed))
    assert plain.first - otherwise.first <= 0.02
    assert plain.right - otherwise.right <= 0.02


def test_telex_keys_cost_less_than_five_points(model: NluModel) -> None:
    test_cases = [case for part in SPLITS for case in _cases(part) if case.style == "full"]
    typed = [case.restyled(TYPING_STYLES["Telex keys"]) for case in test_cases]
    plain, keys = (figures(some, predict(model.understand, some)) for some in (test_cases, typed))
    assert plain.first - keys.first <= 0.05


def test_procedures_of_the_national_catalogue_are_found_by_name(model: NluModel, training_data: TrainingData) -> None:
    ours = {code for intent in training_data.intents for code in intent.codes}
    named = abridged([entry for entry in training_data.catalogue if entry.code not in ours], 200, seed=7)
    names = {CATALOGUE + entry.code: entry.name for entry in training_data.catalogue}
    results = model.understand([question for question, _ in named])
    assert sum(
        names.get(result.choices[0]) == name for result, (_, name) in zip(results, named, strict=True)
    ) >= 0.85 * len(named)


def test_a_question_costs_what_was_promised(model: NluModel) -> None:
    questions = [case.question for case in _cases("dev")]
    assert cpu_ms(model.without_catalogue().understand, questions) <= 1.5
    assert cpu_ms(model.understand, questions) <= 3


def test_no_evaluated_question_was_taught(training_data: TrainingData, normal: Normaliser) -> None:
    training_texts = {
        normal(text)
        for intent in training_data.intents
        for text in (intent.title, *intent.asks, *intent.says, *intent.not_this)
    }
    assert [case.question for part in SPLITS for case in _cases(part) if normal(case.question) in training_texts] == []


def test_every_key_is_evaluated_and_well_provided(training_data: TrainingData) -> None:
    evaluated = {key for part in SPLITS for case in _cases(part) for key in case.keys}
    for intent in training_data.intents:
        assert intent.key in evaluated
        assert len(intent.asks) + len(intent.says) >= (40 if intent.kind == "flow" else 25), intent.key
    assert len(training_data.intents) == 51


def test_no_two_parts_hold_the_same_question(normal: Normaliser) -> None:
    questions = [question for part in SPLITS for question in {normal(case.question) for case in _cases(part)}]
    assert [question for question, times in Counter(questions).items() if times > 1] == []


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("tôi bị mất căn cước công dân", "cc_cap_lai"),
        ("căn cước hết hạn thì đổi ở đâu", "cc_doi"),
        ("làm căn cước cho bé 5 tuổi", "cc_cap_duoi14"),
        ("gia hạn tạm trú", "gia_han_tam_tru"),
        ("phạt nguội tra ở đâu", "f_phat_nguoi"),
        ("vượt đèn đỏ phạt bao nhiêu", "muc_phat"),
        ("tố cáo cán bộ công an nhận hối lộ", "khieu_nai"),
        ("hàng xóm tụ tập đánh bạc", "f_tin_bao"),
        ("đặt lịch làm hộ chiếu", "f_dat_lich"),
        ("hồ sơ của tôi tới đâu rồi", "f_ho_so"),
    ],
)
def test_neighbours_are_told_apart(model: NluModel, question: str, key: str) -> None:
    assert model.understand([question])[0].key == key


@pytest.mark.parametrize("question", ["CCCD", "căn cước ạ", "cho em hỏi về bằng lái xe", "biển số", "xin mẫu CT01"])
def test_a_subject_alone_is_asked_back(model: NluModel, question: str) -> None:
    result = model.understand([question])[0]
    assert (result.outcome, result.rule) == ("choices", "subject alone")


@pytest.mark.parametrize(
    "question",
    [
        "mất thẻ atm làm lại ở đâu",
        "đổi bằng lái ở Úc",
        "làm căn cước ở Mỹ",
        "làm ở đâu",
        "giấy tờ gì",
        "xin visa đi Mỹ",
    ],
)
def test_what_only_sounds_like_ours_is_declined(model: NluModel, question: str) -> None:
    assert model.understand([question])[0].outcome == "decline"


def test_a_malformed_evaluation_row_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "dev.tsv"
    path.write_text("key\tfacet\tstyle\tquestion\ncc_doi\twhole\tfull\n", encoding="utf-8")
    with pytest.raises(ContentErrors, match=r"dev\.tsv:2: cần đủ bốn cột"):
        read_cases(path)
