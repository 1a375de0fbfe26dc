"""Forms are bounded again on our side, and their answers have Zalo's shape."""

from sandbox.page.dialogs import info
from sandbox.page.forms import Field, bounded
from sandbox.page.people import phone_like, suggested

FIELDS = (Field("name", "Họ và tên", longest=10), Field("phone", "Số điện thoại"))


def test_whatever_a_browser_sends_only_known_fields_of_bounded_text_come_through() -> None:
    fields = bounded({"name": "  " + "x" * 5_000, "phone": 7, "more": "?"}, FIELDS)
    assert fields == {"name": "x" * 10, "phone": "7"}
    assert bounded(["no", "form"], FIELDS) == {"name": "", "phone": ""}


def test_details_are_shared_in_the_shape_of_user_submit_info() -> None:
    fields = {"name": "Lê Thị Ví Dụ", "phone": "0900000001", "user_dob": "1990-02-28", "gender": "female"}
    address = {"user_city": "Tỉnh Sông Lam", "user_ward": "Phường Mẫu", "user_address": "Số 1"}
    assert info(fields | address) == {**fields, "user_dob": "28/02/1990", "full_address": address}


def test_a_birthday_that_was_left_out_stays_empty() -> None:
    assert (
        info(dict.fromkeys(("name", "phone", "gender", "user_dob", "user_city", "user_ward", "user_address"), ""))[
            "user_dob"
        ]
        == ""
    )


def test_phone_numbers_look_like_phone_numbers() -> None:
    assert phone_like("")
    assert phone_like("+84 900 000 001")
    assert not phone_like("0900abc001")
    assert not phone_like("12")


def test_a_suggested_name_is_one_that_nobody_has() -> None:
    taken: set[str] = set()
    for _ in range(12):
        name = suggested(taken)
        assert name not in taken
        taken.add(name)
