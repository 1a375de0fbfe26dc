"""The checker of chaos runs finds what is wrong, and nothing else."""

import json
from pathlib import Path

import pytest

from loa.testkit.operations import QUESTIONS, Findings, OperationLog

ASKED = (0, 1, 2, 3)


def text(question: int) -> str:
    return f"Về {QUESTIONS[question][1]}: ông/bà cần mang theo giấy tờ tùy thân."


def findings(*read: int | str, asked: tuple[int, ...] = ASKED) -> Findings:
    log = OperationLog()
    for question in asked:
        log.ask("bà Tám", question, 0)
    for answer in read:
        log.answer("bà Tám", answer if isinstance(answer, str) else text(answer), 1)
    return log.findings()


def test_a_run_in_which_everybody_reads_what_they_asked_is_clean() -> None:
    assert findings(0, 1, 2, 3).clean


@pytest.mark.parametrize(
    ("read", "wrong"),
    [
        ((0, 1, 3), Findings(lost=1)),
        ((), Findings(lost=4)),
        ((0, 1, 1, 2, 3), Findings(doubled=1)),
        ((0, 1, 2, 3, 0), Findings(doubled=1)),
        ((0, 1, 2, 3, 7), Findings(invented=1)),
        ((0, 1, 2, 3, "Xin lỗi, tôi chưa hiểu"), Findings(invented=1)),
        ((0, 2, 1, 3), Findings(reordered=1)),
        ((1, 2, 3, 0), Findings(reordered=1)),
        ((3, 3, 0), Findings(lost=2, doubled=1, reordered=1)),
    ],
)
def test_each_kind_of_fault_is_found_under_its_name(read: tuple[int | str, ...], wrong: Findings) -> None:
    assert findings(*read) == wrong


def test_a_question_asked_twice_is_answered_twice() -> None:
    assert findings(0, 0, asked=(0, 0)).clean
    assert findings(0, asked=(0, 0)) == Findings(lost=1)


def test_one_citizens_answer_does_not_count_for_another() -> None:
    log = OperationLog()
    log.ask("bà Tám", 0, 0)
    log.ask("ông Ba", 1, 0)
    log.answer("bà Tám", text(1), 1)
    log.answer("ông Ba", text(1), 1)
    log.answer("who asked nothing here", text(5), 1)
    assert log.findings() == Findings(lost=1, invented=1)
    assert (log.questions, log.answers) == (2, 2)


def test_the_log_can_be_read_afterwards_and_holds_no_words(tmp_path: Path) -> None:
    log = OperationLog()
    log.ask("c-1", 2, 0.5)
    log.fault("kill notify", 0.75)
    log.answer("c-1", text(2), 1.0)
    log.save(tmp_path / "log.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines == [
        {"at": 0.5, "citizen": "c-1", "asks": 2},
        {"at": 0.75, "fault": "kill notify"},
        {"at": 1.0, "citizen": "c-1", "reads": 2},
    ]
