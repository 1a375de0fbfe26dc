"""What an editor is told. Every fault names its file, its line and one reason in Vietnamese."""

import pytest

from tests.services.chatbot.content.content_files import FILES, content, faults


def spoilt(file: str, old: str, new: str) -> list[str]:
    """The faults after replacing one piece of one file."""
    assert old in FILES[file]
    key = file.replace("/", "__").replace(".", "_dot_")
    return faults(**{key: FILES[file].replace(old, new, 1)})


def test_the_small_content_is_valid() -> None:
    assert faults() == []


# file ~ what stands there ~ what an editor writes instead, and below it what is told. {long} is a text of 101 letters.
SLIPS = r"""
procedures/doi_the.yaml ~ steps: ~ stepz:
    procedures/doi_the.yaml:7: không có mục nào tên «stepz»; có phải là «steps»?
procedures/doi_the.yaml ~ short: "Đổi thẻ" ~ short: "{long}"
    procedures/doi_the.yaml:3: mục «short» dài quá 40 ký tự
procedures/doi_the.yaml ~ name: "Đổi thẻ thử"\n ~ # không tên\n
    procedures/doi_the.yaml:1: thiếu mục «name»
procedures/doi_the.yaml ~ name: "Đổi thẻ thử" ~ name: [a]
    procedures/doi_the.yaml:2: mục «name» phải là chữ
procedures/doi_the.yaml ~ related: [cap_the] ~ related: [khong_co]
    procedures/doi_the.yaml:11: mục «related»: không có thủ tục «khong_co»
procedures/doi_the.yaml ~ forms: ["X01"] ~ forms: ["X99"]
    procedures/doi_the.yaml:10: mục «forms»: không có biểu mẫu «X99»
procedures/doi_the.yaml ~ form: "X01" ~ form: "X98"
    procedures/doi_the.yaml:6: mục «papers»: không có biểu mẫu «X98»
procedures/doi_the.yaml ~ https://thu ~ http://thu
    procedures/doi_the.yaml:9: mục «online.url»: địa chỉ phải bắt đầu bằng https://
procedures/doi_the.yaml ~ 2026-07-01 ~ hôm qua
    procedures/doi_the.yaml:12: mục «sources.1.date» phải là ngày dạng 2026-07-01
procedures/doi_the.yaml ~ key: doi_the ~ key: doi_khac
    procedures/doi_the.yaml:1: mục «key» là «doi_khac» nhưng tên tệp là «doi_the»
procedures/cap_the.yaml ~ short: "Cấp thẻ" ~ short: "Đổi thẻ"
    «đổi thẻ» đã có ở procedures/cap_the.yaml:1
menus/police_ward.yaml ~ menu:thu_tuc ~ menu:khong_co
    menus/police_ward.yaml:6: nút «Thủ tục» dẫn tới «menu:khong_co», mà không có
menus/police_ward.yaml ~ menu:thu_tuc ~ procedure:cap_the
    menus/police_ward.yaml:9: không nút nào dẫn tới trình đơn «thu_tuc»
menus/police_ward.yaml ~ flow:f_dat_lich ~ flow:f_camera
    gói «phuong» dùng trình đơn này nhưng không có «f_camera»
menus/police_ward.yaml ~ flow:f_dat_lich ~ flow:f_bay
    nút «Đặt lịch» dẫn tới «flow:f_bay», mà không có
menus/police_ward.yaml ~ phone:113 ~ phone:mot-mot-ba
    không phải địa chỉ https hay số điện thoại
menus/police_ward.yaml ~ Gọi 113 ~ Đặt lịch
    menus/police_ward.yaml:8: hai nút trùng tên «Đặt lịch»
menus/police_ward.yaml ~ goc: ~ dau:
    thiếu trình đơn «goc», trình đơn đầu tiên
menus/police_ward.yaml ~ title: "Thủ tục" ~ title: "{long}"
    dài quá 100 ký tự
packs/phuong.yaml ~ {oa} ~ {ten_rieng}
    packs/phuong.yaml:12: câu «welcome.hello» có chỗ điền {ten_rieng} mà chương trình không biết; dùng được: {oa}
packs/phuong.yaml ~ topics: [an_ninh] ~ topics: [la]
    packs/phuong.yaml:9: mục «topics»: không có mục «la»
packs/phuong.yaml ~ T2-T6 07:30-11:30 ~ T2-T6 7h30-11h30
    không đúng dạng «T2-T6 07:30-11:30»
oas.yaml ~ pack: phuong ~ pack: khong_co
    oas.yaml:5: mục «pack»: không có gói nội dung «khong_co»
oas.yaml ~ kind: police_ward ~ kind: school
    gói «phuong» không dành cho loại OA «school»
services.yaml ~ offices: [ca_thoi_an] ~ offices: [ca_x]
    services.yaml:6: mục «offices»: không có đơn vị «ca_x»
cameras.csv ~ cam_mot,Cầu Thử,Đường Một,00001 ~ cam_mot,Cầu Thử,Đường Một,00009
    cameras.csv:2: mục «ward»: không có phường, xã «00009»
cameras.csv ~ 10.8600 ~ 1086
    cameras.csv:2: mục «lat» phải không quá 24
cameras.csv ~ id,name ~ id,ten
    cameras.csv:1: dòng đầu phải có đúng các cột
units/old_wards.csv ~ Quận Cũ,Thành phố Thử Nghiệm,00001 ~ Quận Cũ,00001
    units/old_wards.csv:4: dòng có 3 ô, cần 4
units/offices.yaml ~ wards: ["00001"] ~ wards: ["00007"]
    units/offices.yaml:5: mục «wards»: không có phường, xã «00007»
knowledge/muc_phat.csv ~ 4000000,6000000 ~ 6000000,4000000
    knowledge/muc_phat.csv:2: mức phạt cần cả hai số, số thấp trước
knowledge/muc_phat.csv ~ 4000000,6000000 ~ nhiều,6000000
    knowledge/muc_phat.csv:2: mục «low» phải là số nguyên
forms/forms.yaml ~ X01.pdf ~ X02.pdf
    không có tệp forms/files/X02.pdf
forms/files/X01.pdf ~ %PDF ~ MZ
    tệp forms/files/X01.pdf không đúng loại như đuôi tên của nó
forms/forms.yaml ~ official: true ~ official: false
    biểu mẫu «X01» không có khuôn trong forms/templates
holidays.yaml ~ last: 2027-01-01 ~ last: 2026-01-01
    holidays.yaml:2: mục «holidays.1»: mục «last» phải bằng hoặc sau «first»
news/tin_cu.yaml ~ topic: an_ninh ~ topic: la
    news/tin_cu.yaml:2: mục «topic»: không có chủ đề «la»
"""


def slips() -> list[tuple[str, str, str, str]]:
    lines = SLIPS.strip().splitlines()
    pairs = zip(lines[::2], lines[1::2], strict=True)
    split = [
        (*what.replace("{long}", "x" * 101).replace("\\n", "\n").split(" ~ "), reason.strip()) for what, reason in pairs
    ]
    return [(file, old, new, reason) for file, old, new, reason in split]


@pytest.mark.parametrize(("file", "old", "new", "reason"), slips())
def test_a_slip_is_told_with_file_line_and_reason(file: str, old: str, new: str, reason: str) -> None:
    assert any(reason in fault for fault in spoilt(file, old, new)), spoilt(file, old, new)


def test_all_faults_are_told_at_once() -> None:
    reported = faults(
        procedures__cap_the_dot_yaml="key: cap_the\nlạ: 1\nfee: [1]\n",
        cameras_dot_csv=FILES["cameras.csv"].replace("00001", "00009").replace("00002", "00008"),
    )
    assert len(reported) >= 6


def test_every_fault_is_one_line() -> None:
    reported = faults(procedures__cap_the_dot_yaml="a:\n  b: [1,\n 2")
    assert reported
    assert not any("\n" in fault for fault in reported)


def test_a_missing_file_is_a_fault() -> None:
    assert "texts.yaml:1: thiếu tệp này" in faults(texts_dot_yaml=None)


def test_a_stray_file_is_a_fault_since_it_would_silently_say_nothing() -> None:
    assert any("không nhận ra tệp này" in fault for fault in faults(procedures__doi_dot_yml="key: doi"))


def test_six_buttons_are_more_than_zalo_shows() -> None:
    buttons = "\n".join(f'      - {{title: "N{n}", to: "phone:11{n}"}}' for n in range(6))
    reported = faults(
        menus__police_ward_dot_yaml=f"kind: police_ward\nmenus:\n  goc:\n    text: a\n    buttons:\n{buttons}\n"
    )
    assert any("có 6 phần, nhiều nhất 5" in fault for fault in reported)


def test_a_facet_longer_than_one_message_is_a_fault() -> None:
    steps = "\n".join(f'  - "{"b" * 500}"' for _ in range(4))
    reported = faults(procedures__cap_the_dot_yaml=FILES["procedures/cap_the.yaml"] + f"steps:\n{steps}\n")
    assert any("mục «steps» dài" in fault for fault in reported)


def test_details_that_are_missing_stay_missing() -> None:
    assert content().procedures["doi_the"].fee is None
    assert content().procedures["cap_the"].papers == ()


def test_a_catalogue_code_is_text_even_without_quotes() -> None:
    assert content().procedures["doi_the"].codes == ("1.000001",)
