"""What the small model understands of questions: the mechanics, on content that is trained in a moment."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chatbot.content.content import Content
from services.chatbot.nlu import NluModel, Understood
from services.chatbot.nlu.cache import MAX_FILES, fingerprint
from services.chatbot.nlu.explain import explain

QUESTIONS = ["làm hộ chiếu ở đâu", "mat can cuoc", "đặt lịch hẹn giúp em", "giá vàng hôm nay", "đăng ký tạm trú", ""]


def _understood(model: NluModel, question: str) -> Understood:
    return model.understand([question])[0]


def test_a_procedure_is_answered_a_flow_begun_and_the_rest_declined(small_model: NluModel) -> None:
    outcomes = [(result.outcome, result.key) for result in small_model.understand(QUESTIONS)]
    assert outcomes == [
        ("answer", "ho_chieu"),
        ("answer", "cap_lai"),
        ("flow", "f_dat_lich"),
        ("decline", None),
        ("answer", "tam_tru"),
        ("decline", None),
    ]


def test_choices_are_ranked_with_the_key_first(small_model: NluModel) -> None:
    for result in small_model.understand(QUESTIONS):
        assert len(result.choices) == len(set(result.choices)) == 3
        assert result.key in {None, result.choices[0]}
        assert 0 <= result.score <= 1


def test_no_questions_no_answers(small_model: NluModel) -> None:
    assert small_model.understand([]) == []


def test_the_object_must_be_named(small_model: NluModel) -> None:
    assert _understood(small_model, "mất rồi làm lại ở đâu").outcome != "answer"


def test_two_questions_at_once_answer_the_first_and_name_the_other(small_model: NluModel) -> None:
    result = _understood(small_model, "làm hộ chiếu cần gì và đăng ký tạm trú ở đâu")
    assert (result.key, result.others) == ("ho_chieu", ("tam_tru",))


@pytest.mark.parametrize(
    ("question", "key", "rule"),
    [
        ("H29.12-250310-0021", "f_ho_so", "dossier code"),
        ("51F-123.45 có lỗi gì không", "f_phat_nguoi", "plate"),
        ("sbd 02015678", "f_diem_thi", "candidate number"),
    ],
)
def test_a_code_decides_before_the_statistics(small_model: NluModel, question: str, key: str, rule: str) -> None:
    result = _understood(small_model, question)
    assert (result.outcome, result.key, result.rule) == ("flow", key, rule)


def test_a_plate_beside_another_wish_does_not_decide(small_model: NluModel) -> None:
    result = _understood(small_model, "tôi đi xe 51F-123.45 đến đăng ký tạm trú")
    assert result.key == "tam_tru"
    assert result.codes.plate == "51F12345"


def test_an_official_name_finds_its_catalogue_entry(small_model: NluModel) -> None:
    result = _understood(small_model, "cap giay phep khai thac khoang san long song can giay to gi")
    assert (result.outcome, result.key) == ("answer", "tthc:1.000001")


def test_a_name_only_half_said_is_offered_not_answered(small_model: NluModel) -> None:
    result = _understood(small_model, "khai thác khoáng sản lòng sông của anh em tôi")
    assert (result.outcome, result.choices[0]) == ("decline", "tthc:1.000001")


def test_danger_is_seen_whatever_is_asked(small_model: NluModel) -> None:
    assert _understood(small_model, "nhà tôi đang cháy").danger
    assert not _understood(small_model, "làm hộ chiếu").danger


def test_learning_again_learns_the_same(small_model: NluModel, small_content: Content) -> None:
    retrained = NluModel.train(small_content)
    np.testing.assert_array_equal(retrained.scorer.weights, small_model.scorer.weights)
    assert retrained.understand(QUESTIONS) == small_model.understand(QUESTIONS)


def test_what_was_cached_understands_the_same(small_model: NluModel, small_content: Content, tmp_path: Path) -> None:
    NluModel.train(small_content, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"{fingerprint(small_content.training_data)}.npz"]
    assert NluModel.train(small_content, tmp_path).understand(QUESTIONS) == small_model.understand(QUESTIONS)


def test_a_cache_that_cannot_be_written_is_no_trouble(
    small_model: NluModel, small_content: Content, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert NluModel.train(small_content, tmp_path / "file").understand(QUESTIONS) == small_model.understand(QUESTIONS)


def test_only_the_newest_files_are_kept(small_content: Content, tmp_path: Path) -> None:
    for number in range(MAX_FILES + 3):
        (tmp_path / f"{number}.npz").write_bytes(b"old")
    NluModel.train(small_content, tmp_path)
    assert len(list(tmp_path.glob("*.npz"))) == MAX_FILES
    assert (tmp_path / f"{fingerprint(small_content.training_data)}.npz").exists()


def test_a_damaged_file_is_learnt_anew(small_model: NluModel, small_content: Content, tmp_path: Path) -> None:
    (tmp_path / f"{fingerprint(small_content.training_data)}.npz").write_bytes(b"PK\x03\x04 not an archive")
    assert NluModel.train(small_content, tmp_path).understand(QUESTIONS) == small_model.understand(QUESTIONS)


def test_a_batch_says_what_each_question_alone_says(small_model: NluModel) -> None:
    assert small_model.understand(QUESTIONS) == [_understood(small_model, question) for question in QUESTIONS]


def test_many_threads_may_ask_at_once(small_model: NluModel) -> None:
    wanted = small_model.understand(QUESTIONS)
    with ThreadPoolExecutor(8) as threads:
        assert all(results == wanted for results in threads.map(small_model.understand, [QUESTIONS] * 40))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=400), max_size=4))
def test_any_text_is_understood_or_declined_without_an_error(small_model: NluModel, questions: list[str]) -> None:
    assert len(small_model.understand(questions)) == len(questions)


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "ạ ̣" * 20_000, "căn cước " * 9_000, "1" * 50_000, "51F-123.45 " * 5_000, "," * 50_000]
)
def test_overlong_texts_cost_no_more_than_long_ones(small_model: NluModel, text: str) -> None:
    assert _understood(small_model, text).outcome in {"answer", "flow", "choices", "decline"}


def test_a_citizens_words_and_numbers_do_not_show_in_what_is_understood(small_model: NluModel) -> None:
    assert "12345" not in repr(_understood(small_model, "51F-123.45 sang tên cho Nguyễn Văn Mẫu"))


def test_an_explanation_tells_what_tipped_the_scales(small_model: NluModel) -> None:
    explanation = explain(small_model, "làm hộ chiếu ở đâu")
    assert explanation.normal == "lam ho chieu o dau"
    assert explanation.facet_words == "o dau"
    assert explanation.scores[0][0] == "ho_chieu"
    assert any("chieu" in weighed.gram for weighed in explanation.grams_for)
    assert all(weighed.share > 0 for weighed in explanation.grams_for)
