"""A dossier looked up: by code and birthday, for half an hour; its history; a notice when it changes. Never another's."""

from datetime import timedelta

import pytest

from services.chatbot.features.dossiers.parsing import (
    is_year,
    read_birthday,
    read_code,
    read_date,
    read_more,
    read_stage,
)
from tests.doubles import NOON
from tests.services.chatbot.chatbot_app import CLOSED, LATE, NAMELESS, READY, THEIRS, ChatbotApp
from tests.services.chatbot.citizen_chat import BORN, BORN_TOO

MISSING = "H29.12-260201-9999"


def test_codes_are_read_as_people_type_them() -> None:
    typed = ("mã hs của em là h29.12-260201-0001 ạ", "H29 . 12 - 260201 - 0001", "H29.12–260201–0001")
    assert {read_code(text) for text in typed} == {"H29.12-260201-0001"}
    assert read_code("12345678") is None


def test_birthdays_are_read_as_people_type_them() -> None:
    typed = ("5/9/1990", "05-09-1990", "05.09.1990", "05091990", "sinh ngày 5 9 1990", "1990-09-05")
    assert {str(read_birthday(text, NOON.date())) for text in typed} == {"1990-09-05"}
    for text in ("31/2/1990", "5/9/90", "05/09/2090", "05/09/1790", "hôm qua", "1838", "2090", "19380"):
        assert read_birthday(text, NOON.date()) is None, text
    assert str(read_date("1990-09-05 00:00:00")) == "1990-09-05", "as a workbook's cell reads"


@pytest.mark.parametrize("text", ["1938", "00/00/1938", "--/--/1938", "0/0/1938", "năm 1938", "Sinh năm 1938"])
def test_a_year_alone_is_a_year_and_no_day(text: str) -> None:
    assert read_birthday(text, NOON.date()) == "1938"
    assert is_year("1938")
    assert not is_year("1938-01-01")


def test_what_proves_a_year_is_the_end_of_a_number_or_a_whole_name() -> None:
    assert read_more("079 090 001 234") == read_more("001234") == "001234"
    assert read_more("Lê  Thị THỬ") == "le thi thu"
    assert [read_more(text) for text in ("12345", "Lê", "", "số 12 34")] == [None] * 4


def test_a_status_is_one_of_seven_or_is_not_guessed() -> None:
    assert read_stage("Đang xử lý") == read_stage("processing") == "processing"
    assert read_stage("sắp xong rồi") is None


@pytest.mark.live
async def test_code_and_birthday_show_where_it_stands(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    assert "ngày sinh" in await lan.says(f"#lam f_ho_so {LATE}")
    reply = await lan.says("sinh ngày 5/9/1990")
    assert "Tình trạng: Đang giải quyết" in reply
    assert "quá ngày hẹn 20 ngày" in reply
    assert "Nguồn: Một cửa tỉnh Thử, cập nhật 09:00 02/03/2026" in reply
    titles = [button.title for button in lan.buttons]
    assert titles[:5] == ["Lịch sử giao dịch", "Nhận thông báo", "Nhận qua bưu chính", "Uỷ quyền nhận", "Rút hồ sơ"]
    assert lan.endings == ["done"]


@pytest.mark.live
async def test_a_result_that_is_ready_names_where_it_waits_and_a_missing_paper_is_named(
    chatbot_app: ChatbotApp,
) -> None:
    lan, hai = chatbot_app.citizen("lan"), chatbot_app.citizen("hai")
    assert "đến Một cửa Thử để nhận" in await lan.proves(READY)
    assert "Hồ sơ cần bổ sung: Ảnh thẻ" in await hai.proves(THEIRS, BORN_TOO)


@pytest.mark.live
async def test_a_proof_holds_half_an_hour_and_no_longer(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    assert "Đã có kết quả" in await lan.says(f"#lam f_ho_so {READY}"), "the same person's other dossier"
    lan.now += timedelta(minutes=31)
    assert "ngày sinh" in await lan.says(f"#lam f_ho_so {READY}")


@pytest.mark.live
async def test_a_flow_left_for_an_hour_asks_who_it_is_before_it_acts(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    await lan.says(f"#lam f_rut_ho_so {LATE}")
    for text in ("#chon co", "Tôi nộp nhầm"):
        await lan.says(text)
    lan.now += timedelta(hours=1)
    assert "ngày sinh" in await lan.says("#chon co")
    assert await chatbot_app.db.dossier_history.count_documents({}) == 0


@pytest.mark.live
async def test_a_wrong_birthday_and_an_unknown_code_are_answered_alike(chatbot_app: ChatbotApp) -> None:
    replies = set()
    for who, code in (("a", THEIRS), ("b", MISSING)):
        chat = chatbot_app.citizen(who)
        first = await chat.says(f"#lam f_ho_so {code}")
        replies.add((first, await chat.says(BORN), tuple(chat.buttons)))
    assert len(replies) == 1


@pytest.mark.live
async def test_being_proven_for_one_dossier_opens_no_other_persons(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    for code in (THEIRS, NAMELESS, MISSING):
        reply = await lan.says(f"#lam f_ho_so {code} lich_su")
        assert "ngày sinh" in reply, code
        assert "Trần Mẫu Hai" not in reply
        await lan.says("huỷ")


@pytest.mark.live
async def test_a_proof_is_its_own_conversations(chatbot_app: ChatbotApp) -> None:
    await chatbot_app.citizen("lan").proves(LATE)
    assert "ngày sinh" in await chatbot_app.citizen("ke_la").says(f"#lam f_ho_so {LATE}")


@pytest.mark.live
async def test_guessing_birthdays_locks_the_guesser_for_every_dossier_and_nobody_else(chatbot_app: ChatbotApp) -> None:
    guesser = chatbot_app.citizen("doan_mo")
    for day in range(1, 6):
        await guesser.says(f"#lam f_ho_so {THEIRS}")
        await guesser.says(f"0{day}/01/1991")
    await guesser.says(f"#lam f_ho_so {THEIRS}")
    assert "tạm khoá 60 phút" in await guesser.says(BORN_TOO), "even the right one, now"
    assert "Tình trạng" in await chatbot_app.citizen("hai").proves(THEIRS, BORN_TOO), "a stranger locks no owner out"
    assert "tạm khoá" in await guesser.proves(LATE), "and of other dossiers"
    assert "Tình trạng" in await chatbot_app.citizen("lan").proves(LATE), "which are open to others"


@pytest.mark.live
async def test_going_through_codes_locks_as_well(chatbot_app: ChatbotApp) -> None:
    guesser = chatbot_app.citizen("doan_mo")
    for number in range(5):
        await guesser.proves(f"H29.12-260201-80{number:02}")
    assert "tạm khoá" in await guesser.proves(LATE)


@pytest.mark.live
async def test_who_proves_rightly_is_never_locked_for_it(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    for _ in range(8):
        lan.now += timedelta(minutes=31)
        assert "Tình trạng" in await lan.proves(LATE)


@pytest.mark.live
async def test_my_dossiers_are_those_of_one_identity_number_and_birthday(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.says("#lam f_ho_so_cua_toi")
    await lan.says(LATE)
    assert READY not in await lan.says(BORN), "code and birthday stand on the slip that anybody may find"
    assert READY not in await lan.says("999999")
    reply = await lan.says("000001")
    assert all(code in reply for code in (LATE, READY, CLOSED))
    assert "Nguồn: Một cửa tỉnh Thử" in reply
    assert THEIRS not in reply
    assert NAMELESS not in reply, "the same name and birthday, but nobody has said that it is the same person"
    assert f"Hồ sơ {READY}" in await lan.says("1"), "the latest first, and a number is enough"


@pytest.mark.live
async def test_a_typed_code_of_another_asks_for_that_ones_birthday(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    await lan.says("#lam f_ho_so_cua_toi")
    assert LATE in await lan.says("000000000001")
    assert "ngày sinh" in await lan.says(f"#chon {THEIRS}")
    assert "9" in await chatbot_app.citizen("moi").says("#lam f_ho_so_cua_toi"), "an example of a code"
