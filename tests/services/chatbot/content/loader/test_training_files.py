"""The files that training reads are checked like all others: every fault by file and line, in Vietnamese."""

import pytest

from tests.services.chatbot.content.content_files import FILES, faults

DOI_THE = FILES["utterances/doi_the.yaml"]
TU, MAU = FILES["language/tu.yaml"], FILES["language/mau.yaml"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (DOI_THE + "sayz: []\n", "8: không có mục nào tên «sayz»; có phải là «says»?"),
        (DOI_THE.replace("kind: procedure", "kind: prosedure"), "2: mục «kind» chỉ nhận"),
        (DOI_THE.replace("key: doi_the", "key: doi_th"), "1: mục «key» là «doi_th» nhưng tên tệp là «doi_the»"),
        (DOI_THE.replace("says: [", "says: [[").replace("]", ""), "7: sai cú pháp YAML: dấu [ mở ở dòng này"),
        (DOI_THE + "objects: [Thẻ]\n", "8: mục «objects.1»: «Thẻ» phải viết thường, không dấu"),
        (DOI_THE + 'not_this: !!python/object/apply:os.system ["true"]\n', "8: không dùng nhãn kiểu"),
        (DOI_THE.replace("says: [", "nói: ["), "1: thiếu mục «says»"),
    ],
)
def test_an_utterances_file_is_refused_by_its_line(text: str, fault: str) -> None:
    assert any(
        reported.startswith(f"utterances/doi_the.yaml:{fault}")
        for reported in faults(utterances__doi_the_dot_yaml=text)
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (MAU.replace("'o dau'", "'(o dau'"), "7: mục «facets.place.1»: biểu thức chính quy sai ở ký tự 1: «(o dau»"),
        (MAU.replace("'chay nha'", "'(?i)chay nha'"), "9: mục «signs.danger.1»: biểu thức chính quy sai"),
        (MAU.replace("'chay nha'", "'(?P<a>chay)'"), "9: mục «signs.danger.1»: biểu thức chính quy không được đặt tên"),
        (MAU.replace(", not_tip: []", ""), "9: thiếu mục «signs.not_tip»"),
        (MAU.replace(", after: '(a|oi)'", ""), "11: thiếu mục «wish_edges.after»"),
        (MAU.replace("[fee, place]", "[fee]"), "4: mục «facet_order»: phải kể đúng những tên"),
        (MAU.replace("\\1", "\\9"), "8: mục «facet_words»"),
        (MAU.replace("{x} ở đâu", "ở đâu"), "3: mục «frames.place.1»: «ở đâu» cần có {x}"),
        (MAU.replace('["{x} ở đâu"]', "[]"), "3: mục «frames.place» cần ít nhất 1 phần"),
        (MAU + "slang: {}\n", "12: không có mục nào tên «slang»"),
        ("- một danh sách\n", "1: tệp phải gồm các mục"),
    ],
)
def test_a_language_file_is_refused_by_its_line(text: str, fault: str) -> None:
    assert any(reported.startswith(f"language/mau.yaml:{fault}") for reported in faults(language__mau_dot_yaml=text))


def test_a_heading_that_stands_in_two_files_is_refused() -> None:
    reported = faults(language__them_dot_yaml="abroad: []\nwords: {a: anh}\n")
    assert "language/tu.yaml:1: mục «words» đã có ở language/them.yaml" in reported


def test_a_heading_that_no_file_has_is_missed_by_name() -> None:
    assert faults(language__tu_dot_yaml=TU.replace("abroad:", "stories:"))
    assert "language:1: thiếu mục «abroad»" in faults(language__tu_dot_yaml=TU.replace('abroad: ["{x} ở Mỹ"]\n', ""))


def test_a_fault_in_one_language_file_is_not_blamed_on_headings_that_it_would_have_held() -> None:
    assert len(faults(language__tu_dot_yaml=TU + "x: [\n")) == 1


def test_too_few_stories_to_choose_from_are_told() -> None:
    assert "language/tu.yaml:6: mục «stories» cần ít nhất 3 phần" in faults(
        language__tu_dot_yaml=TU.replace(', "hôm qua em có đi"', "")
    )


@pytest.mark.parametrize("absent", ["utterances__oos_dot_yaml", "utterances__f_dat_lich_dot_yaml"])
def test_two_keys_and_what_is_none_of_ours_are_the_least_to_learn_from(absent: str) -> None:
    assert any(reported.startswith("utterances:1: cần tệp oos.yaml") for reported in faults(**{absent: None}))


def test_a_row_of_the_national_catalogue_is_refused_by_its_line() -> None:
    rows = "code,name,field,level,agency\n1.000001,Một thủ tục,,,\nx,y,,,\n1.000001,Một thủ tục nữa,,,\n"
    reported = faults(catalogue_dot_csv=rows)
    assert "catalogue.csv:4: «1.000001» đã có ở catalogue.csv:2" in reported
    assert any(fault.startswith("catalogue.csv:3: mục «code»") for fault in reported)
