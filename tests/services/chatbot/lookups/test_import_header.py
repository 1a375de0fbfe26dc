"""The header of a list is found wherever offices put it, and a list that could be misread is refused."""

from collections.abc import Sequence

import pytest

from services.chatbot.app import ROWS
from services.chatbot.lookups.import_columns import Column, normalise, recognise
from services.chatbot.lookups.import_header import Head, Header, HeadLine, NoHeaderError, find_header

COLUMNS = (
    Column("number", "Số báo danh", ("SBD",), "số báo danh", digits=4),
    Column("maths", "Toán", (), "điểm"),
    Column("literature", "Ngữ văn", ("Văn",), "điểm"),
    Column("name", "Họ tên"),
)


def header_of(*lines: Sequence[str]) -> Header:
    return find_header([Head("Trang 1", numbered(*lines))], COLUMNS)


def numbered(*lines: Sequence[str]) -> list[HeadLine]:
    return list(enumerate(lines, start=1))


def test_titles_above_and_unknown_columns_beside_are_passed_over() -> None:
    header = header_of(
        ["SỞ GIÁO DỤC"], ["Danh sách SBD"], ["STT", "SBD", "Điểm Văn", "Ghi chú", ""], ["1", "4711", "5"]
    )
    assert header == Header(0, 3, ("", "number", "literature", "", ""), ("STT", "Ghi chú"))


def test_a_header_of_two_lines_ends_with_the_second() -> None:
    header = header_of(["SBD", "Điểm thi", ""], ["", "Toán", "Văn"], ["4711", "5", "6"])
    assert (header.line, header.columns) == (2, ("number", "maths", "literature"))


def test_a_row_of_data_under_a_header_is_not_taken_for_its_second_line() -> None:
    assert header_of(["SBD", "Toán", "Họ tên"], ["4711", "5", "Văn"]).line == 1


@pytest.mark.parametrize(
    ("values", "shortened"),
    [
        (["471", "472"], ("number",)),
        (["471", "4711"], ()),  # One short number among whole ones may lack any of its digits.
        (["071", "072"], ()),  # The zero is still there: what is missing is another digit.
        (["47", "471"], ()),
        (["x", ""], ()),
    ],
)
def test_a_zero_was_dropped_where_every_number_is_one_digit_short(values: list[str], shortened: tuple[str]) -> None:
    assert header_of(["SBD", "Toán"], *([value, "5"] for value in values)).shortened == shortened


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([["SBD", "Toán", "TOÁN"]], "dòng 1: hai cột cùng là Toán: “Toán” (cột 2) và “TOÁN” (cột 3)"),
        ([["SBD", "Văn", "Ngữ văn"]], "“Văn” (cột 2) và “Ngữ văn” (cột 3)"),
        ([["Nguyễn Thử", "5"]], "Cần các cột: số báo danh (Số báo danh); điểm (Toán, Ngữ văn)"),
        (
            [["SBD", "Bí mật"]],
            "dòng 1 giống dòng tiêu đề nhất: thấy Số báo danh và 1 cột khác không rõ; còn thiếu điểm",
        ),
        ([], "không tìm thấy dòng tiêu đề"),
    ],
)
def test_what_cannot_be_used_is_refused_and_quotes_no_row(lines: list[list[str]], says: str) -> None:
    with pytest.raises(NoHeaderError) as refusal:
        header_of(*lines)
    assert says in str(refusal.value)
    assert "Nguyễn" not in str(refusal.value)
    assert "Bí mật" not in str(refusal.value)


def test_the_list_may_stand_on_any_sheet_but_on_one_alone() -> None:
    cover, listed = Head("Bìa", numbered(["Kính gửi"])), Head("Điểm", numbered(["SBD", "Toán"]))
    assert find_header([cover, listed], COLUMNS).table == 1
    with pytest.raises(NoHeaderError, match="“Điểm” và “Điểm”"):
        find_header([listed, listed], COLUMNS)


def test_no_heading_belongs_to_two_columns_of_a_kind() -> None:
    assert all(recognise(row_format.columns) for row_format in ROWS.values())
    with pytest.raises(ValueError, match="two columns"):
        recognise((Column("a", "A"), Column("b", "B", ("a",))))


@pytest.mark.parametrize("heading", ["so_bao_danh", "SỐ  BÁO DANH", "Số báo danh (*)", "Số báo\ndanh"])
def test_a_heading_is_read_however_it_is_written(heading: str) -> None:
    assert normalise(heading) == "so bao danh"
