"""A code that a citizen wrote is found, taken out of the words, and never shown in a representation."""

import pytest

from services.chatbot.nlu.codes import read_codes


@pytest.mark.parametrize("text", ["H29.12-250310-0021", "hồ sơ h29.12-250310-0021 đâu", "(H29.12-250310-0021)"])
def test_a_dossier_code_is_found(text: str) -> None:
    codes, rest = read_codes(text)
    assert codes.dossier == "H29.12-250310-0021"
    assert "0021" not in rest


def test_a_national_dossier_code_is_found_whole() -> None:
    assert read_codes("000.00.12.H29-240715-0102 xong chưa")[0].dossier == "000.00.12.H29-240715-0102"


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("51F12345", "51F12345"),
        ("51F-123.45 có lỗi gì không", "51F12345"),
        ("xe 59x1-234.56", "59X123456"),
        ("59-X1 234.56", "59X123456"),
        ("29A-1234", "29A1234"),
        ("biển 30A 123.45 ạ", "30A12345"),
        ("51LD-123.45", "51LD12345"),
    ],
)
def test_a_plate_is_found_in_the_form_look_ups_use(text: str, plate: str) -> None:
    assert read_codes(text)[0].plate == plate


@pytest.mark.parametrize(
    "text", ["ngày 20 t5 2024", "làm ngày 12 tháng 5", "mẫu CT01", "phường 12 quận 3", "20/10/2024", "15h 30"]
)
def test_dates_forms_and_addresses_are_no_plates(text: str) -> None:
    assert read_codes(text)[0].plate is None


@pytest.mark.parametrize("text", ["sbd 02015678", "số báo danh của em là 02015678", "SBD: 02015678 ạ", "02015678"])
def test_a_candidate_number_is_found(text: str) -> None:
    assert read_codes(text)[0].candidate == "02015678"


def test_eight_digits_among_words_are_not_a_candidate_number() -> None:
    assert read_codes("em làm ngày 20240515 rồi")[0].candidate is None


@pytest.mark.parametrize("number", ["0901234567", "079123456789", "090 123 45 67"])
def test_telephone_and_identity_numbers_are_taken_out_of_the_words(number: str) -> None:
    codes, rest = read_codes(f"gọi {number} giúp em")
    assert (codes.dossier, codes.plate, codes.candidate) == (None, None, None)
    assert not any(letter.isdigit() for letter in rest)


def test_codes_do_not_show_in_a_representation() -> None:
    assert "12345" not in repr(read_codes("51F-123.45")[0])
