"""A notice when a dossier changes: pushed by another system, or by a new import; once each, and only to who asked."""

from datetime import timedelta

import pytest

from services.chatbot.changes import Change
from tests.doubles import PEPPER
from tests.services.chatbot.office import BORN_TOO, LATE, NINE, ROWS, THEIRS, Office


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
