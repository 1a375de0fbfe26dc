"""A dossier looked up: by code and birthday, for half an hour; its history; a notice when it changes. Never another's."""

from datetime import timedelta

import pytest

from services.chatbot.changes import Change
from services.chatbot.dossiers import read_birthday, read_code, read_date, read_stage
from tests.doubles import NOON, PEPPER
from tests.services.chatbot.office import BORN, BORN_TOO, LATE, NAMELESS, NINE, OVER, READY, ROWS, THEIRS, Office

MISSING = "H29.12-260201-9999"


def test_codes_are_read_as_people_type_them() -> None:
    typed = ("mã hs của em là h29.12-260201-0001 ạ", "H29 . 12 - 260201 - 0001", "H29.12–260201–0001")
    assert {read_code(text) for text in typed} == {"H29.12-260201-0001"}
    assert read_code("12345678") is None


def test_birthdays_are_read_as_people_type_them() -> None:
    typed = ("5/9/1990", "05-09-1990", "05.09.1990", "05091990", "sinh ngày 5 9 1990", "1990-09-05")
    assert {str(read_birthday(text, NOON.date())) for text in typed} == {"1990-09-05"}
    for text in ("31/2/1990", "5/9/90", "05/09/2090", "05/09/1790", "hôm qua"):
        assert read_birthday(text, NOON.date()) is None, text
    assert str(read_date("1990-09-05 00:00:00")) == "1990-09-05", "as a workbook's cell reads"


def test_a_status_is_one_of_seven_or_is_not_guessed() -> None:
    assert read_stage("Đang xử lý") == read_stage("processing") == "processing"
    assert read_stage("sắp xong rồi") is None


@pytest.mark.live
async def test_code_and_birthday_show_where_it_stands(office: Office) -> None:
    lan = office.citizen("lan")
    assert "ngày sinh" in await lan.says(f"#lam f_ho_so {LATE}")
    told = await lan.says("sinh ngày 5/9/1990")
    assert "Tình trạng: Đang giải quyết" in told
    assert "quá ngày hẹn 20 ngày" in told
    assert "Nguồn: Một cửa tỉnh Thử, cập nhật 09:00 02/03/2026" in told
    titles = [button.title for button in lan.buttons]
    assert titles[:5] == ["Lịch sử giao dịch", "Nhận thông báo", "Nhận qua bưu chính", "Uỷ quyền nhận", "Rút hồ sơ"]
    assert lan.endings == ["done"]


@pytest.mark.live
async def test_a_result_that_is_ready_names_where_it_waits_and_a_missing_paper_is_named(office: Office) -> None:
    lan, hai = office.citizen("lan"), office.citizen("hai")
    assert "đến Một cửa Thử để nhận" in await lan.proves(READY)
    assert "Hồ sơ cần bổ sung: Ảnh thẻ" in await hai.proves(THEIRS, BORN_TOO)


@pytest.mark.live
async def test_a_proof_holds_half_an_hour_and_no_longer(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(LATE)
    assert "Đã có kết quả" in await lan.says(f"#lam f_ho_so {READY}"), "the same person's other dossier"
    lan.now += timedelta(minutes=31)
    assert "ngày sinh" in await lan.says(f"#lam f_ho_so {READY}")


@pytest.mark.live
async def test_an_errand_left_for_an_hour_asks_who_it_is_before_it_acts(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(LATE)
    await lan.says(f"#lam f_rut_ho_so {LATE}")
    for text in ("#chon co", "Tôi nộp nhầm"):
        await lan.says(text)
    lan.now += timedelta(hours=1)
    assert "ngày sinh" in await lan.says("#chon co")
    assert await office.db.dossier_history.count_documents({}) == 0


@pytest.mark.live
async def test_a_wrong_birthday_and_an_unknown_code_are_answered_alike(office: Office) -> None:
    words = set()
    for who, code in (("a", THEIRS), ("b", MISSING)):
        chat = office.citizen(who)
        first = await chat.says(f"#lam f_ho_so {code}")
        words.add((first, await chat.says(BORN), tuple(chat.buttons)))
    assert len(words) == 1


@pytest.mark.live
async def test_being_proven_for_one_dossier_opens_no_other_persons(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(LATE)
    for code in (THEIRS, NAMELESS, MISSING):
        told = await lan.says(f"#lam f_ho_so {code} lich_su")
        assert "ngày sinh" in told, code
        assert "Trần Mẫu Hai" not in told
        await lan.says("huỷ")


@pytest.mark.live
async def test_a_proof_is_its_own_conversations(office: Office) -> None:
    await office.citizen("lan").proves(LATE)
    assert "ngày sinh" in await office.citizen("ke_la").says(f"#lam f_ho_so {LATE}")


@pytest.mark.live
async def test_guessing_birthdays_locks_the_guesser_and_the_dossier(office: Office) -> None:
    guesser = office.citizen("doan_mo")
    for day in range(1, 6):
        await guesser.says(f"#lam f_ho_so {THEIRS}")
        await guesser.says(f"0{day}/01/1991")
    await guesser.says(f"#lam f_ho_so {THEIRS}")
    assert "tạm khoá 60 phút" in await guesser.says(BORN_TOO), "even the right one, now"
    assert "tạm khoá" in await office.citizen("khac").proves(THEIRS, BORN_TOO), "from another phone as well"
    assert "tạm khoá" in await guesser.proves(LATE), "and of other dossiers"
    assert "Tình trạng" in await office.citizen("lan").proves(LATE), "which are open to others"


@pytest.mark.live
async def test_going_through_codes_locks_as_well(office: Office) -> None:
    guesser = office.citizen("doan_mo")
    for number in range(5):
        await guesser.proves(f"H29.12-260201-80{number:02}")
    assert "tạm khoá" in await guesser.proves(LATE)


@pytest.mark.live
async def test_who_proves_rightly_is_never_locked_for_it(office: Office) -> None:
    lan = office.citizen("lan")
    for _ in range(8):
        lan.now += timedelta(minutes=31)
        assert "Tình trạng" in await lan.proves(LATE)


@pytest.mark.live
async def test_my_dossiers_are_those_of_one_identity_number_and_birthday(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.says("#lam f_ho_so_cua_toi")
    await lan.says(LATE)
    told = await lan.says(BORN)
    assert all(code in told for code in (LATE, READY, OVER))
    assert THEIRS not in told
    assert NAMELESS not in told, "the same name and birthday, but nobody has said that it is the same person"
    assert f"Hồ sơ {READY}" in await lan.says("1"), "the latest first, and a number is enough"


@pytest.mark.live
async def test_a_typed_code_of_another_asks_for_that_ones_birthday(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(LATE)
    assert LATE in await lan.says("#lam f_ho_so_cua_toi")
    assert "ngày sinh" in await lan.says(f"#chon {THEIRS}")
    assert "9" in await office.citizen("moi").says("#lam f_ho_so_cua_toi"), "an example of a code"


@pytest.mark.live
async def test_a_change_is_told_to_who_asked_and_entered_once_however_often_it_is_pushed(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(LATE)
    assert "Đã đăng ký" in await lan.taps("Nhận thông báo")
    change = Change("mot-cua-00001", LATE, "ready", NINE + timedelta(hours=1), "Mời đến nhận")
    assert await office.changes.push(change)
    (bell,) = await office.rings()
    assert bell.parts[0].text == f"Hồ sơ {LATE} vừa chuyển sang: Đã có kết quả."
    assert not await office.changes.push(change)
    assert await office.rings() == []
    assert "Đã có kết quả" in await lan.says(f"#lam f_ho_so {LATE}"), "the pushed status is newer than the import"
    told = await lan.taps("Lịch sử")
    assert "01/02/2026: nộp hồ sơ" in told
    assert told.count("Đã có kết quả (Mời đến nhận)") == 1


@pytest.mark.live
async def test_a_late_change_moves_nothing_back(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(LATE)
    await lan.taps("Nhận thông báo")
    await office.changes.push(Change("mot-cua-00002", LATE, "ready", NINE + timedelta(hours=2)))
    assert len(await office.rings()) == 1
    assert not await office.changes.push(Change("mot-cua-00001", LATE, "needs_more", NINE + timedelta(hours=1)))
    assert await office.rings() == []
    assert "Tình trạng: Đã có kết quả" in await lan.says(f"#lam f_ho_so {LATE}")


@pytest.mark.live
async def test_a_new_import_that_differs_is_a_change_too(office: Office) -> None:
    lan, hai = office.citizen("lan"), office.citizen("hai")
    await lan.proves(LATE)
    await lan.taps("Nhận thông báo")
    await hai.proves(THEIRS, BORN_TOO)
    await hai.taps("Nhận thông báo")
    assert await office.changes.sweep() == 0, "the first import is no change"
    await office.load(ROWS[0].replace("Đang giải quyết", "Đã có kết quả"), *ROWS[1:], at=NINE + timedelta(days=1))
    assert await office.changes.sweep() == 1
    assert await office.changes.sweep() == 0
    (bell,) = await office.rings()
    assert LATE in bell.parts[0].text
    assert "Đã có kết quả" in await lan.says(f"#lam f_ho_so {LATE} lich_su")


@pytest.mark.live
async def test_who_unsubscribes_or_leaves_is_told_nothing_more(office: Office) -> None:
    lan, binh = office.citizen("lan"), office.citizen("binh")
    for chat in (lan, binh):
        await chat.proves(LATE)
        await chat.taps("Nhận thông báo")
    assert "Đã ngừng thông báo" in await lan.says(f"#lam f_ho_so {LATE} thoi")
    await binh.leaves()
    await office.changes.push(Change("mot-cua-00003", LATE, "ready", NINE + timedelta(hours=1)))
    assert await office.rings() == []


@pytest.mark.live
async def test_nothing_of_a_dossier_lies_open_in_the_database(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(LATE)
    await lan.taps("Nhận thông báo")
    await office.changes.push(Change("mot-cua-00001", LATE, "ready", NINE, "Mời chị Một đến"))
    dump = await office.dump()
    for secret in (LATE, "260201", "Nguyễn Thử", "000000000001", "1990", "thường trú", "chị Một"):
        assert secret not in dump, secret
    assert PEPPER.pseudonym("dossiers", LATE) in dump, "the dump does hold the rows"
