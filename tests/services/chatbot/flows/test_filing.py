"""What is filed about a dossier: postal return, withdrawal, somebody authorised to collect; each in the history officers see."""

from datetime import timedelta

import pytest

from services.chatbot.changes import Change
from tests.services.chatbot.office import LATE, NINE, OVER, READY, Office, Talk

pytestmark = pytest.mark.live


async def post(chat: Talk, address: str = "Số 1, đường Thử, phường Mẫu") -> str:
    for text in ("Nguyễn Thử Một", "0900 000 000", address):
        await chat.says(text)
    return await chat.taps("Xác nhận")


async def test_a_result_is_posted_to_an_address_that_is_confirmed(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(READY)
    assert "tại nhà" in await lan.taps("Nhận qua bưu chính")
    assert "Mã yêu cầu: BC-" in await post(lan)
    told = {"name": "Nguyễn Thử Một", "phone": "0900000000", "address": "Số 1, đường Thử, phường Mẫu"}
    assert await office.history(READY) == [("post", told)]
    assert "đăng ký nhận kết quả qua bưu chính" in await lan.says(f"#lam f_ho_so {READY} lich_su")


async def test_the_address_may_be_changed_and_both_stand_in_the_history(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(READY)
    await lan.taps("Nhận qua bưu chính")
    await post(lan)
    assert "đã đăng ký bưu chính từ trước" in await lan.says(f"#lam f_buu_chinh {READY}")
    await lan.taps("Đồng ý")
    await post(lan, "Số 2, đường Thử, phường Mẫu")
    assert [told["address"][:4] for _, told in await office.history(READY)] == ["Số 1", "Số 2"]


async def test_bad_answers_are_asked_again_and_back_goes_back(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(READY)
    await lan.taps("Nhận qua bưu chính")
    await lan.says("Nguyễn Thử Một")
    assert "10 chữ số" in await lan.says("12345")
    await lan.says("+84 900 000 000")
    assert "ngắn" in await lan.says("nhà em")
    assert "số điện thoại" in await lan.says("quay lại")
    assert "Đã dừng việc" in await lan.says("huỷ")
    assert await office.history(READY) == []


async def test_what_is_over_is_too_late(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(OVER)
    for errand, words in (
        ("f_buu_chinh", "đã trả kết quả"),
        ("f_rut_ho_so", "giải quyết xong"),
        ("f_uy_quyen", "không còn"),
    ):
        assert words in await lan.says(f"#lam {errand} {OVER}"), errand
        assert lan.endings == ["refused"]


async def test_a_dossier_is_withdrawn_after_two_confirmations_and_a_reason(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(LATE)
    assert "dừng giải quyết" in await lan.taps("Rút hồ sơ")
    assert "lý do" in await lan.taps("Đồng ý")
    assert "Tôi nộp nhầm nơi" in await lan.says("Tôi nộp nhầm nơi")
    assert await office.history(LATE) == [], "nothing before the second yes"
    assert "Mã yêu cầu: RH-" in await lan.taps("Đồng ý")
    assert await office.history(LATE) == [("withdraw", {"reason": "Tôi nộp nhầm nơi"})]
    assert "đã có yêu cầu rút" in await lan.says(f"#lam f_rut_ho_so {LATE}")


async def test_a_no_at_either_question_files_nothing(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(LATE)
    await lan.taps("Rút hồ sơ")
    assert "vẫn giữ nguyên" in await lan.taps("Không")
    await lan.says(f"#lam f_rut_ho_so {LATE}")
    await lan.taps("Đồng ý")
    await lan.says("Không cần nữa")
    assert "vẫn giữ nguyên" in await lan.taps("Không")
    assert lan.endings == ["cancelled"]
    assert await office.history(LATE) == []


async def test_two_phones_of_one_person_withdraw_once(office: Office) -> None:
    phones = [office.citizen("lan"), office.citizen("lan_may_hai")]
    for chat in phones:
        await chat.proves(LATE)
        for text in (f"#lam f_rut_ho_so {LATE}", "#chon co", "Tôi nộp nhầm"):
            await chat.says(text)
    assert "RH-" in await phones[0].taps("Đồng ý")
    assert "đã có yêu cầu rút" in await phones[1].taps("Đồng ý")
    assert len(await office.history(LATE)) == 1


async def test_when_the_office_moves_it_on_it_may_be_withdrawn_anew(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(LATE)
    for text in (f"#lam f_rut_ho_so {LATE}", "#chon co", "Tôi nộp nhầm", "#chon co"):
        await lan.says(text)
    await office.changes.push(Change("mot-cua-00009", LATE, "needs_more", NINE + timedelta(hours=1)))
    assert "dừng giải quyết" in await lan.says(f"#lam f_rut_ho_so {LATE}")


async def test_a_message_handled_twice_files_once(office: Office) -> None:
    """The memory of the conversation is lost after the request was filed: the same message files the same request."""
    lan = office.citizen("lan")
    await lan.proves(LATE)
    for text in (f"#lam f_rut_ho_so {LATE}", "#chon co", "Tôi nộp nhầm"):
        await lan.says(text)
    before = await office.db.conversations.find({}).to_list(None)
    now = lan.now
    first = await lan.says("#chon co", msg_id="m-1")
    for document in before:
        await office.db.conversations.replace_one({"_id": document["_id"]}, document)
    lan.now = now
    assert await lan.says("#chon co", msg_id="m-1") == first
    assert len(await office.history(LATE)) == 1


async def test_nothing_that_was_filed_lies_open_in_the_database(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(READY)
    await lan.taps("Nhận qua bưu chính")
    await post(lan)
    dump = await office.dump()
    for secret in ("Nguyễn Thử", "0900000000", "phường Mẫu", READY):
        assert secret not in dump, secret
