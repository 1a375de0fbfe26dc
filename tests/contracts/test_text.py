"""However a keyboard, a phone or a prankster wrote it, it is compared as the same words, in time linear in its length."""

import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.floor import command
from contracts.text import MAX_LENGTH, compose, fold, fold_words, has_digit, is_digits, normalise, read_number
from services.chatbot.dialogue.turn import global_word

CANCEL_WORDS = (
    "huy",
    "HUY",
    "Hủy",
    "huỷ",
    "hu\u0309y",
    "ＨＵＹ",
    "ｈｕ\u0309ｙ",
    "h\u200bu\u200cy\ufeff",
    "\u2066huy\u2069",
    "h\u00aduy",
    "𝐡𝐮𝐲",
    "\u00a0 huy\u3000",
)
MARKS = {"one mark": "\u0301" * 20_000, "marks to be sorted": "\u0301\u0323" * 10_000, "Tibetan": "\u0f73" * 20_000}


@pytest.mark.parametrize("typed", CANCEL_WORDS)
def test_the_cancel_word_is_one_word_everywhere(typed: str) -> None:
    assert (fold(typed), fold_words(typed), global_word(typed)) == ("huy", "huy", "cancel")
    assert command(f"#{typed.strip()}") == "#huy"


@pytest.mark.parametrize("hash_sign", ["#", "＃", "\ufeff#", "\u200b#"])
def test_a_command_begins_with_any_hash_sign(hash_sign: str) -> None:
    assert command(f"{hash_sign}tinbao") == "#tinbao"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đường Ðinh Tiên Hoàng, đđ", "duong dinh tien hoang, dd"),
        ("8h–11h — 5 − 3", "8h-11h - 5 - 3"),
        ("  hai \t dòng\n\u2003trống ", "hai dong trong"),
        ("İstanbul ıssız", "istanbul issiz"),
        ("Straße ﬁ ²", "strasse fi 2"),
        ("✅ Đồng ý ❤️", "✅ dong y ❤"),
        ("中文 かな", "中文 かな"),
        ("", ""),
    ],
)
def test_text_folds_to_plain_lower_case(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_words_are_letters_and_digits_between_single_spaces() -> None:
    assert fold_words("P.12, Q.Gò Vấp (cũ)!") == "p 12 q go vap cu"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("２５／１２／２０２６", "25/12/2026"),
        ("٢٥/١٢", "25/12"),
        ("𝟐𝟓–𝟏𝟐", "25-12"),
        ("H29.12\u2013260201\u20120001", "H29.12-260201-0001"),
        ("①, ² và Ⅳ", "①, ² và Ⅳ"),
        ("＃menu", "#menu"),
        ("\ufeff#l\u200bam\u00a0f_ho_so", "#lam f_ho_so"),
        ("nga\u0300y\u3000mai\r\nnhé\u2028ạ", "ngày mai \nnhé\nạ"),
        ("menu\x00\x1b[31m\x7f", "menu[31m"),
        ("a\ud800b", "ab"),
        ("👩\u200d👧", "👩👧"),
        ("Đường Ðiện Biên Phủ", "Đường Ðiện Biên Phủ"),
        ("", ""),
    ],
)
def test_text_is_read_with_plain_digits_dashes_and_blanks_and_as_it_was_spelt(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


@given(st.text())
def test_what_is_normal_stays_as_it_is(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("07", 7), ("999999999", 999_999_999), ("1000000000", None), ("9" * 4_300, None)]
    + [(text, None) for text in ("", "²", "①", "٣", "３", "-1", "+1", "1_000", " 1", "1.0", "một")],
)
def test_a_number_is_plain_digits_of_a_bounded_length_and_nothing_else(text: str, number: int | None) -> None:
    assert read_number(text) == number


@given(st.text())
def test_no_text_makes_reading_a_number_fail(text: str) -> None:
    assert (read_number(text, len(text)) is not None) == is_digits(text)
    assert has_digit(text) == any(is_digits(letter) for letter in text)


@given(st.text())
def test_folding_again_changes_nothing_and_the_form_that_was_typed_does_not_matter(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == fold(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_way_for_ascii_gives_what_the_long_way_gives(text: str) -> None:
    assert fold(text) == fold(text + " \u0301")


@given(st.text(st.sampled_from("ếạđuỷ e\u0302\u0301a\u0323 #️⃣❤️.,-")))
def test_writing_is_composed_as_unicode_says(text: str) -> None:
    assert compose(text) == unicodedata.normalize("NFC", text) or "\u0301" * 3 in text


@pytest.mark.parametrize("text", MARKS.values(), ids=MARKS)
@pytest.mark.parametrize("work", [fold, fold_words, compose, normalise, command, global_word])
def test_twenty_thousand_combining_marks_take_no_time(work: Callable[[str], object], text: str) -> None:
    started = time.process_time()
    work(f"#hu{text}y")
    assert time.process_time() - started < 0.1


def test_what_is_longer_than_any_message_is_cut() -> None:
    assert len(fold("ă" * (MAX_LENGTH + 1))) == MAX_LENGTH
    assert len(fold("a" * (MAX_LENGTH + 1))) == MAX_LENGTH
    assert len(normalise("ă" * (MAX_LENGTH + 1))) == len(normalise("a" * (MAX_LENGTH + 1))) == MAX_LENGTH
