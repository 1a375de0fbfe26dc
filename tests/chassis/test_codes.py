"""Codes are read aloud and copied: each letter is only itself."""

from hypothesis import given
from hypothesis import strategies as st

from chassis.codes import LETTERS, readable_code, readable_letters


def test_a_code_is_two_groups_behind_its_prefix() -> None:
    assert readable_code("TB", 0) == "TB-2222-2222"
    assert readable_code("LH", 30**7) == "LH-2222-2223"


@given(st.integers(min_value=0, max_value=2**128 - 1))
def test_numbers_that_differ_in_their_low_digits_have_different_codes(number: int) -> None:
    assert readable_code("BC", number) != readable_code("BC", number ^ 1)


def test_no_letter_is_misread_for_another() -> None:
    assert not set("01ILOU") & set(LETTERS)
    assert readable_letters(31, 2) == "33"
