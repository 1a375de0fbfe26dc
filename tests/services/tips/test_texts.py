"""What a reporter reads: whole, polite, within Zalo's limits, and true."""

import pytest

from contracts.floor import CLOSERS, OPEN, command
from contracts.message import Speech
from services.tips.texts import Line, Say, speech

CODE = "TB-7K3M-9QX2"


def words(line: Line, taken: int = 0) -> str:
    return speech(Say(line, CODE, taken)).parts[0].text


@pytest.mark.parametrize("line", Line)
def test_every_line_is_one_message_with_nothing_left_to_fill_in(line: Line) -> None:
    said = speech(Say(line, CODE, 3))
    assert Speech.model_validate_json(said.model_dump_json()) == said
    assert len(said.parts) == 1
    assert "{" not in said.parts[0].text
    assert len(said.parts[0].text) <= 2_000


@pytest.mark.parametrize("line", [line for line in Line if line is not Line.CANCELLED])
def test_every_line_of_a_living_tip_names_its_code(line: Line) -> None:
    assert CODE in words(line)


def test_the_greeting_says_what_must_be_said_before_anything_is_told() -> None:
    text = words(Line.OPENED)
    for needed in ("113", "114", "115", "bí mật", "mã hoá", "không phải là đơn tố cáo", "Ở đâu", "Khi nào", "30 phút"):
        assert needed in text


def test_the_greeting_tells_how_much_from_before_was_taken_in() -> None:
    assert "3 tư liệu" in words(Line.OPENED, taken=3)
    assert "tư liệu quý vị gửi ngay trước đó" not in words(Line.OPENED)


@pytest.mark.parametrize("line", Line)
def test_every_button_moves_the_floor_and_nothing_else(line: Line) -> None:
    for button in speech(Say(line, CODE)).parts[0].buttons:
        assert command(button.payload) in {OPEN, *CLOSERS}


@pytest.mark.parametrize("line", [Line.OPENED, Line.STILL_OPEN, Line.GOT_WORDS, Line.GOT_MEDIA])
def test_an_open_tip_can_always_be_finished_or_cancelled_with_a_tap(line: Line) -> None:
    assert [button.payload for button in speech(Say(line, CODE)).parts[0].buttons] == ["#xong", "#huy"]
