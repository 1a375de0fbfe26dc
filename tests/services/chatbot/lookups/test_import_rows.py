"""A line of a list is stored as it was meant, or refused with a reason."""

from typing import Any

import pytest

from chassis.crypto import Place
from services.chatbot.features.scores.effects import Missed
from services.chatbot.features.scores.rows import read_mark
from services.chatbot.lookups.identity import read_identity
from services.chatbot.lookups.import_columns import Column
from services.chatbot.lookups.import_header import Header
from services.chatbot.lookups.import_rows import BadRowError, Row, RowFormat, Sealer
from tests.doubles import BODIES, PEPPER

SEALER = Sealer(BODIES, PEPPER, Place.stored)
FORMAT = RowFormat(
    (Column("number", "Số", digits=4), Column("note", "Lời")),
    lambda row, _: {"n": row.code("number"), "t": row.cell("note")},
)


def parsed(cells: list[Any], shortened: tuple[str, ...] = ()) -> tuple[list[Any], list[Any]]:
    header = Header(0, 1, ("number", "", "note"), ("khác",), shortened)
    return FORMAT.parse_lines([(7, cells)], header, SEALER)


def test_what_stands_in_a_column_that_is_not_used_is_not_read() -> None:
    assert parsed(["4711", "#REF!", " a  b "]) == ([{"n": "4711", "t": "a b"}], [])


def test_empty_cells_beyond_the_header_are_nothing_and_others_are_refused() -> None:
    assert parsed(["4711", "", "a", "", None, " "]) == ([{"n": "4711", "t": "a"}], [])
    assert parsed(["4711", "", "a", "b"])[1] == [{"line": 7, "reason": "nhiều ô hơn số cột", "kept": False}]


def test_a_short_line_lacks_its_last_cells() -> None:
    assert parsed(["4711"]) == ([{"n": "4711", "t": ""}], [])


@pytest.mark.parametrize(("number", "read"), [("471", "0471"), ("4711", "4711"), ("47", "47"), ("x71", "x71")])
def test_a_dropped_zero_is_put_back(number: str, read: str) -> None:
    assert parsed([number], ("number",))[0] == [{"n": read, "t": ""}]


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!", "#FORMULA!", "#name?"])
def test_an_error_of_excel_is_no_value(text: str) -> None:
    with pytest.raises(BadRowError, match="công thức"):
        Row(1, {"a": text}).cell("a")


@pytest.mark.parametrize("text", ["1.09E+11", "1,09E+11", "9E+11", "1.09e11"])
def test_a_number_that_excel_has_shortened_is_no_code(text: str) -> None:
    with pytest.raises(BadRowError, match="mất chữ số"):
        Row(1, {"a": text}).code("a")


@pytest.mark.parametrize("text", ["RLHJF1234E56789", "12E45678", "079090001234"])
def test_a_chassis_number_with_an_e_in_it_is_whole(text: str) -> None:
    assert Row(1, {"a": text}).code("a") == text


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("8,25", 8.25), ("10", 10.0), (" 7.5 ", 7.5), ("0", 0.0), ("", None), ("-", None), ("–", None),
        ("Vắng", Missed.ABSENT), ("V", Missed.ABSENT), ("N/V", Missed.ABSENT), ("vắng thi", Missed.ABSENT),
        ("MIỄN", Missed.EXEMPT),
    ],
)  # fmt: skip
def test_a_mark_is_a_mark_or_a_known_reason_for_none(text: str, mark: object) -> None:
    assert read_mark(text) == mark


@pytest.mark.parametrize(
    "text", ["-1", "11", "10.5", "nan", "inf", "1_0", "mười", "٣ điểm", "8.1234", "2026-05-06 00:00:00"]
)
def test_anything_else_is_no_mark(text: str) -> None:
    with pytest.raises(BadRowError):
        read_mark(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("079090001234", "079090001234"), ("079 090 001 234", "079090001234"), ("012345678", "012345678"),
        ("79090001234", "079090001234"), ("1090001234", "001090001234"),
        ("07909000123", None), ("12345678", None), ("7909000123", None), ("99990001234", None), ("3090001234", None),
        ("1.09E+11", None), ("", None), ("٠٧٩٠٩٠٠٠١٢٣٤", None),
    ],
)  # fmt: skip
def test_an_identity_number_gets_its_zeros_back_where_that_is_certain(text: str, number: str | None) -> None:
    assert read_identity(text) == number
