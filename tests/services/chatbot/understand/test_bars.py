"""The real content: what must be understood is, on questions that training never saw."""

from collections import Counter
from pathlib import Path

import pytest

from services.chatbot.understand import Understanding
from services.chatbot.understand.content import Content
from services.chatbot.understand.evaluation import PARTS, Case, abridged, answers, cases, cpu_ms, figures
from services.chatbot.understand.normalise import Normaliser
from services.chatbot.understand.typing_ways import WAYS
from services.chatbot.understand.understood import CATALOGUE
from tests.services.chatbot.understand.small import REAL


def _part(name: str) -> list[Case]:
    return cases(REAL / "evaluation" / f"{name}.tsv")


@pytest.mark.parametrize("part", PARTS)
def test_questions_are_understood_as_promised(mind: Understanding, part: str) -> None:
    asked = _part(part)
    found = figures(asked, answers(mind.understand, asked))
    assert found.first >= 0.92
    assert found.three >= 0.97
    assert found.right >= 0.88
    assert found.wrong <= 0.08
    assert found.out_f1 >= 0.82
    assert found.facet >= 0.88


@pytest.mark.parametrize("way", ["no diacritics", "NFD", "upper case", "emoji"])
def test_how_it_is_typed_costs_less_than_two_points(mind: Understanding, way: str) -> None:
    asked = [case for part in PARTS for case in _part(part) if case.style == "full"]
    typed = [case.typed(WAYS[way]) for case in asked]
    plain, otherwise = (figures(some, answers(mind.understand, some)) for some in (asked, typed))
    assert plain.first - otherwise.first <= 0.02
    assert plain.right - otherwise.right <= 0.02


def test_telex_keys_cost_less_than_five_points(mind: Understanding) -> None:
    asked = [case for part in PARTS for case in _part(part) if case.style == "full"]
    typed = [case.typed(WAYS["Telex keys"]) for case in asked]
    plain, keys = (figures(some, answers(mind.understand, some)) for some in (asked, typed))
    assert plain.first - keys.first <= 0.05


def test_procedures_of_the_national_catalogue_are_found_by_name(mind: Understanding, content: Content) -> None:
    ours = {code for lesson in content.lessons for code in lesson.codes}
    named = abridged([entry for entry in content.catalogue if entry.code not in ours], 200, seed=7)
    names = {CATALOGUE + entry.code: entry.name for entry in content.catalogue}
    said = mind.understand([question for question, _ in named])
    assert sum(names.get(one.choices[0]) == name for one, (_, name) in zip(said, named, strict=True)) >= 0.85 * len(
        named
    )


def test_a_question_costs_what_was_promised(mind: Understanding) -> None:
    questions = [case.question for case in _part("dev")]
    assert cpu_ms(mind.without_catalogue().understand, questions) <= 1.5
    assert cpu_ms(mind.understand, questions) <= 3


def test_no_evaluated_question_was_taught(content: Content, normal: Normaliser) -> None:
    taught = {
        normal(text)
        for lesson in content.lessons
        for text in (lesson.title, *lesson.asks, *lesson.says, *lesson.not_this)
    }
    assert [case.question for part in PARTS for case in _part(part) if normal(case.question) in taught] == []


def test_every_key_is_evaluated_and_well_provided(content: Content) -> None:
    evaluated = {key for part in PARTS for case in _part(part) for key in case.keys}
    for lesson in content.lessons:
        assert lesson.key in evaluated
        assert len(lesson.asks) + len(lesson.says) >= (40 if lesson.kind == "flow" else 25), lesson.key
    assert len(content.lessons) == 51


def test_no_two_parts_hold_the_same_question(normal: Normaliser) -> None:
    held = [question for part in PARTS for question in {normal(case.question) for case in _part(part)}]
    assert [question for question, times in Counter(held).items() if times > 1] == []


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
def test_neighbours_are_told_apart(mind: Understanding, question: str, key: str) -> None:
    assert mind.understand([question])[0].key == key


@pytest.mark.parametrize("question", ["CCCD", "căn cước ạ", "cho em hỏi về bằng lái xe", "biển số", "xin mẫu CT01"])
def test_a_subject_alone_is_asked_back(mind: Understanding, question: str) -> None:
    said = mind.understand([question])[0]
    assert (said.outcome, said.rule) == ("choices", "subject alone")


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
def test_what_only_sounds_like_ours_is_declined(mind: Understanding, question: str) -> None:
    assert mind.understand([question])[0].outcome == "decline"


def test_a_malformed_evaluation_row_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "dev.tsv"
    path.write_text("key\tfacet\tstyle\tquestion\ncc_doi\twhole\tfull\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"dev\.tsv:2: four columns"):
        cases(path)
