"""Files that mean harm or come broken: a clear fault, quickly, and nothing else."""

import time
from pathlib import Path

import pytest

from services.chatbot.content import Content, ContentErrors
from services.chatbot.content.loader.csv_table import parse_csv
from services.chatbot.content.loader.directory import take_snapshot
from services.chatbot.content.loader.errors import Faults
from services.chatbot.content.loader.snapshot import FILE_BYTES
from services.chatbot.content.loader.yaml_document import TEXT_BYTES, parse_yaml
from tests.services.chatbot.content.content_files import FILES, faults, write


def parsed(body: str | bytes) -> list[str]:
    report = Faults()
    parse_yaml(body.encode() if isinstance(body, str) else body, "t.yaml", report)
    return [str(fault) for fault in report.items]


def test_ten_lines_do_not_grow_into_gigabytes() -> None:
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
    )
    started = time.perf_counter()
    reported = parsed(bomb)
    assert any("không dùng neo" in fault for fault in reported)
    assert time.perf_counter() - started < 1


def test_a_thing_inside_itself_ends() -> None:
    assert any("không dùng neo" in fault for fault in parsed("a: &a [*a]"))


@pytest.mark.parametrize("depth", [20, 900, 50_000])
def test_depth_is_bounded(depth: int) -> None:
    assert parsed("a: " + "[" * depth + "]" * depth)


def test_a_python_object_is_never_made() -> None:
    assert any("nhãn kiểu" in fault for fault in parsed('a: !!python/object/apply:os.system ["true"]'))


def test_a_key_said_twice_is_told_with_its_second_line() -> None:
    assert parsed("a: 1\nb: 2\na: 3\n") == ["t.yaml:3: mục «a» viết hai lần"]


def test_a_broken_quote_is_told_with_its_line() -> None:
    assert parsed('a: 1\nb: "chưa đóng\nc: 2\n') == [
        "t.yaml:2: sai cú pháp YAML: dấu nháy mở ở dòng này không được đóng"
    ]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("a: 1\nb: [x, y\nc: 2\n", "2: sai cú pháp YAML: dấu [ mở ở dòng này"),
        ("a: 1\nb: {x: y\nc: 2\n", "2: sai cú pháp YAML: dấu { mở ở dòng này"),
        ("a: 1\nb: [x, , y]\n", "2: sai cú pháp YAML: trong dấu [ ]"),
        ("a:\n  - x\n - y\n", "3: sai cú pháp YAML: thụt lề không đều"),
        ("a: x: y\n", "1: sai cú pháp YAML: thừa dấu hai chấm"),
        ("a: 1\nb\nc: 2\n", "2: sai cú pháp YAML: thiếu dấu hai chấm"),
        ("a: @x\n", "1: sai cú pháp YAML: dòng bắt đầu bằng ký tự lạ"),
        ('a: "\\q"\n', "1: sai cú pháp YAML: trong dấu nháy kép"),
        ("a: \x07\n", "1: sai cú pháp YAML: tệp có ký tự điều khiển"),
    ],
)
def test_a_slip_of_the_keyboard_is_told_in_vietnamese_with_the_line_to_mend(body: str, fault: str) -> None:
    assert parsed(body)[0].startswith(f"t.yaml:{fault}")


def test_other_encodings_are_told_with_the_line() -> None:
    assert parsed(b"a: 1\nb: " + b"\xe9\xff") == ["t.yaml:2: chữ không theo bảng mã UTF-8; hãy lưu lại tệp dạng UTF-8"]


def test_a_file_too_large_is_not_even_parsed() -> None:
    assert parsed(b"#" * (TEXT_BYTES + 1)) == ["t.yaml:1: tệp quá lớn (tối đa 2 MB)"]


def test_a_file_far_too_large_is_not_even_read(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "to.bin").write_bytes(b"0" * (FILE_BYTES + 1))
    with pytest.raises(ContentErrors, match=r"to\.bin:1: tệp quá lớn"):
        take_snapshot(tmp_path)


def test_no_directory_is_a_fault() -> None:
    with pytest.raises(ContentErrors, match="không có thư mục"):
        Content.load(Path("/khong/co"))


@pytest.mark.parametrize("body", [b"a,b\n1,\x00\n", b'a,b\n"1,2\n', b"", b"a,b\n" + b"x" * 200_000 + b",1\n"])
def test_a_broken_table_is_a_fault_and_no_crash(body: bytes) -> None:
    report = Faults()
    assert parse_csv(body, "t.csv", ("a", "b"), report) == [] or not report.items
    assert report.items or b"\x00" in body


def test_a_row_over_two_lines_is_told_by_its_first() -> None:
    report = Faults()
    rows = parse_csv('a,b\n"một\nhai",1\nba,2\n'.encode(), "t.csv", ("a", "b"), report)
    assert [row.line for row in rows] == [2, 4]


@pytest.mark.parametrize("text", ["{oa.__class__}", "{oa!r}", "{oa:>999999}", "{", "{}", "{0}", "{oa[0]}"])
def test_a_placeholder_is_only_ever_a_name(text: str) -> None:
    pack = FILES["packs/phuong.yaml"].replace('"Chào từ {oa}."', f'"{text}"')
    assert any("welcome.hello" in fault for fault in faults(packs__phuong_dot_yaml=pack))
