"""What a driver is told about a fine."""

import pytest

from services.chatbot.content.models.fine import Vehicle
from tests.services.chatbot.content.content_files import content

BOOK = content().fines


def points(question: str, vehicle: Vehicle | None = None) -> list[str]:
    return [match.fine.point for match in BOOK.search(question, vehicle)]


@pytest.mark.parametrize("question", ["xe máy vượt đèn đỏ phạt bao nhiêu", "xm vuot den do", "VƯỢT ĐÈN ĐỎ XE MÁY"])
def test_the_vehicle_that_is_said_decides(question: str) -> None:
    assert points(question) == ["7.7.c"]


def test_without_a_vehicle_all_of_them_are_offered() -> None:
    assert set(points("vượt đèn đỏ")) == {"7.7.c", "6.9.b"}


def test_the_vehicle_known_before_decides_when_none_is_said() -> None:
    assert points("vượt đèn đỏ", Vehicle.CAR) == ["6.9.b"]


@pytest.mark.parametrize(
    ("speed", "point"), [("15km", "7.4.a"), ("20 km/h", "7.4.a"), ("21km/h", "7.8.a"), ("90 km", "7.8.a")]
)
def test_the_figure_decides_among_speeds(speed: str, point: str) -> None:
    assert points(f"xe máy chạy quá tốc độ {speed}")[0] == point


@pytest.mark.parametrize("question", ["", "làm căn cước", "xin chào", "mất thẻ ATM", "x" * 10_000])
def test_what_is_no_offence_finds_nothing(question: str) -> None:
    assert points(question) == []


def test_the_basis_is_said_as_the_law_says_it() -> None:
    by_point = {fine.point: fine.basis for fine in BOOK.fines}
    assert by_point["7.7.c"] == "điểm c khoản 7 Điều 7"
    assert by_point["18.1"] == "khoản 1 Điều 18"
