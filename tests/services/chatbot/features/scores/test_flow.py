"""Scores and fines, as chats. The files they come from: tests/services/chatbot/imports."""

from datetime import timedelta

from loa.talk.player import Chat
from services.chatbot.features.fines.effects import FindFines, Offence, read_plate, read_proof
from services.chatbot.features.scores.effects import FindScore, Score, ScoresHaveNames
from services.chatbot.lookups.result import LookupResult
from tests.doubles import NOON


def test_plates_are_read_as_people_type_them() -> None:
    typed = ("51F-123.45", "51f 12345", "xe em biển 51F12345 ạ", "51 F 123 45")
    assert {read_plate(text) for text in typed} == {"51F12345"}
    assert read_plate("29-B1 234.56") == "29B123456"
    assert read_plate("không nhớ") is None


def test_a_proof_is_its_last_five_characters() -> None:
    assert read_proof("RLHJF1234AB56789") == "56789"
    assert read_proof("12") is None


def test_a_number_in_a_sentence_is_enough(chat_province: Chat) -> None:
    marks = {"Toán": 8.4, "Ngữ văn": 7.0}
    chat_province.handlers |= {
        ScoresHaveNames: lambda _: False,
        FindScore: lambda _: LookupResult(Score("THPT 2026", marks), "Sở GD&ĐT", NOON),
    }
    chat_province.says("#lam f_diem_thi")
    chat_province.says("sbd của em là 37012345")
    assert "Toán: 8,4" in chat_province.last
    assert "Nguồn: Sở GD&ĐT" in chat_province.last


def test_what_is_no_number_is_asked_again(chat_province: Chat) -> None:
    chat_province.says("#lam f_diem_thi")
    chat_province.says("123")
    assert "8" in chat_province.last
    assert chat_province.state.run is not None


def test_a_stale_answer_says_so(chat_province: Chat) -> None:
    chat_province.handlers |= {
        ScoresHaveNames: lambda _: False,
        FindScore: lambda _: LookupResult(Score("THPT", {"Toán": 5}), "Sở", NOON, stale=True),
    }
    chat_province.says("#lam f_diem_thi 37012345")
    assert "tạm gián đoạn" in chat_province.last


def test_a_source_that_is_away_is_said_to_be_away(chat_province: Chat) -> None:
    chat_province.says("#lam f_diem_thi 37012345")
    chat_province.says("Trần Văn Thử") if chat_province.state.run else None
    assert "bận" in chat_province.last or "không trả lời" in chat_province.last


def test_a_chat_about_fines_ends_with_where_to_pay_and_a_warning(chat_province: Chat) -> None:
    offence = Offence("08:15", "Ngã tư Thử", "Vượt đèn đỏ", "Đội Thử", "0280000000")
    chat_province.handlers[FindFines] = lambda _: LookupResult((offence,), "Cục CSGT", NOON - timedelta(days=1))
    for text in ("#lam f_phat_nguoi", "51F-123.45", "#chon oto", "56789"):
        chat_province.says(text)
    assert "51F-123.45 có 1 vi phạm" in chat_province.last
    assert "Cảnh giác" in chat_province.last
