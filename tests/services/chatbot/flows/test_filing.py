"""What is filed about a dossier: postal return, withdrawal, somebody authorised to collect; each in the history officers see."""

from datetime import timedelta

import pytest

from services.chatbot.changes import Change
from services.chatbot.dossiers import DossierHistory
from services.chatbot.grants import read_invite, shown_invite
from tests.doubles import OA, conversation
from tests.services.chatbot.office import BORN_TOO, LATE, NINE, OVER, PORTAL, READY, THEIRS, Office, Talk

pytestmark = pytest.mark.live


async def history(office: Office, code: str) -> list[tuple[str, dict[str, str]]]:
    entries = await office.wired.filing.history.of(DossierHistory(code))
    return [(entry.kind, dict(entry.told)) for entry in entries]


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
    assert await history(office, READY) == [("post", told)]
    assert "đăng ký nhận kết quả qua bưu chính" in await lan.says(f"#lam f_ho_so {READY} lich_su")


async def test_the_address_may_be_changed_and_both_stand_in_the_history(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(READY)
    await lan.taps("Nhận qua bưu chính")
    await post(lan)
    assert "đã đăng ký bưu chính từ trước" in await lan.says(f"#lam f_buu_chinh {READY}")
    await lan.taps("Đồng ý")
    await post(lan, "Số 2, đường Thử, phường Mẫu")
    assert [told["address"][:4] for _, told in await history(office, READY)] == ["Số 1", "Số 2"]


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
    assert await history(office, READY) == []


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
    assert await history(office, LATE) == [], "nothing before the second yes"
    assert "Mã yêu cầu: RH-" in await lan.taps("Đồng ý")
    assert await history(office, LATE) == [("withdraw", {"reason": "Tôi nộp nhầm nơi"})]
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
    assert await history(office, LATE) == []


async def test_two_phones_of_one_person_withdraw_once(office: Office) -> None:
    phones = [office.citizen("lan"), office.citizen("lan_may_hai")]
    for chat in phones:
        await chat.proves(LATE)
        for text in (f"#lam f_rut_ho_so {LATE}", "#chon co", "Tôi nộp nhầm"):
            await chat.says(text)
    assert "RH-" in await phones[0].taps("Đồng ý")
    assert "đã có yêu cầu rút" in await phones[1].taps("Đồng ý")
    assert len(await history(office, LATE)) == 1


async def test_when_the_office_moves_it_on_it_may_be_withdrawn_anew(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(LATE)
    for text in (f"#lam f_rut_ho_so {LATE}", "#chon co", "Tôi nộp nhầm", "#chon co"):
        await lan.says(text)
    await office.changes.push(Change("mot-cua-00009", LATE, "needs_more", NINE + timedelta(hours=1)))
    assert "dừng giải quyết" in await lan.says(f"#lam f_rut_ho_so {LATE}")


async def invite(chat: Talk, code: str = READY) -> str:
    """Lan authorises somebody; the invite that stands in the bot's words."""
    await chat.proves(code)
    await chat.says(f"#lam f_uy_quyen {code}")
    for text in ("Lê Giả Ba", "0003"):
        await chat.says(text)
    told = await chat.taps("Đồng ý")
    found = read_invite(told)
    assert found is not None
    assert "trong vòng 48 giờ" in told
    return shown_invite(found)


async def test_another_person_collects_once_they_have_said_yes_themselves(office: Office) -> None:
    lan, ba = office.citizen("lan"), office.citizen("ba")
    code = await invite(lan)
    told = await ba.says(f"Bạn tôi gửi mã này: {code}")
    assert f"Nguyễn Thử Một nhờ ông/bà nhận giúp kết quả hồ sơ {READY}" in told
    assert "mang căn cước đến Một cửa Thử" in await ba.taps("Đồng ý")
    (bell,) = await office.rings()
    assert bell.parts[0].text == f"Lê Giả Ba đã đồng ý nhận kết quả hồ sơ {READY} thay ông/bà."
    kinds = [kind for kind, _ in await history(office, READY)]
    assert kinds == ["authorise", "accepted"]
    assert (await history(office, READY))[0][1] == {"name": "Lê Giả Ba", "last4": "0003"}


async def test_who_refuses_is_recorded_and_the_owner_may_ask_another(office: Office) -> None:
    lan, ba = office.citizen("lan"), office.citizen("ba")
    code = await invite(lan)
    await ba.says(f"#lam f_uy_quyen {code}")
    assert "không nhận" in await ba.taps("Không")
    (bell,) = await office.rings()
    assert "từ chối" in bell.parts[0].text
    assert "không đúng hoặc đã hết hạn" in await ba.says(code), "an answered invite is like a wrong one"
    assert await invite(lan) != code


async def test_an_invite_is_for_another_person_of_the_same_oa_and_for_two_days(office: Office) -> None:
    lan = office.citizen("lan")
    code = await invite(lan)
    assert "mã của chính ông/bà" in await lan.says(code)
    assert "không đúng" in await office.citizen("ba", OA).says(code)
    late = office.citizen("ba")
    late.now += timedelta(hours=49)
    assert "không đúng" in await late.says(code)


async def test_invites_cannot_be_guessed_at_leisure(office: Office) -> None:
    code = await invite(office.citizen("lan"))
    guesser = office.citizen("doan_mo")
    for letter in "23456":
        assert "không đúng" in await guesser.says(f"UQ-AAAA-BBBB-CCC{letter}")
    assert "quá số lần" in await guesser.says(code)


async def test_one_person_at_a_time_and_the_owner_can_take_it_back(office: Office) -> None:
    lan, ba = office.citizen("lan"), office.citizen("ba")
    code = await invite(lan)
    await ba.says(code)
    await ba.taps("Đồng ý")
    await office.rings()
    assert "đã có uỷ quyền cho Lê Giả Ba" in await lan.says(f"#lam f_uy_quyen {READY}")
    assert "Đã huỷ uỷ quyền" in await lan.taps("Đồng ý")
    (bell,) = await office.rings()
    assert bell.conversation == conversation("ba", PORTAL), "who had accepted it is told"
    assert [kind for kind, _ in await history(office, READY)] == ["authorise", "accepted", "revoked"]


async def test_an_invite_taken_back_before_it_was_answered_cannot_be_accepted(office: Office) -> None:
    lan, ba = office.citizen("lan"), office.citizen("ba")
    code = await invite(lan)
    await ba.says(code)
    await lan.says(f"#lam f_uy_quyen {READY}")
    await lan.taps("Đồng ý")
    assert "không đúng" in await ba.taps("Đồng ý")
    assert [kind for kind, _ in await history(office, READY)] == ["authorise", "revoked"]


async def test_only_the_owner_authorises(office: Office) -> None:
    hai = office.citizen("hai")
    await hai.proves(THEIRS, BORN_TOO)
    assert "ngày sinh" in await hai.says(f"#lam f_uy_quyen {READY}")


@pytest.mark.parametrize("leaver", ["lan", "ba"])
async def test_whoever_of_the_two_leaves_ends_it_and_officers_see_that(office: Office, leaver: str) -> None:
    lan, ba = office.citizen("lan"), office.citizen("ba")
    code = await invite(lan)
    await ba.says(code)
    await ba.taps("Đồng ý")
    await {"lan": lan, "ba": ba}[leaver].leaves()
    assert (await history(office, READY))[-1] == ("revoked", {"name": "Lê Giả Ba"})
    assert await office.db.grants.count_documents({}) == 0


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
    assert len(await history(office, LATE)) == 1


async def test_nothing_that_was_filed_lies_open_in_the_database(office: Office) -> None:
    lan = office.citizen("lan")
    await lan.proves(READY)
    await lan.taps("Nhận qua bưu chính")
    await post(lan)
    code = await invite(lan)
    dump = await office.dump()
    for secret in ("Lê Giả Ba", "0003", "Nguyễn Thử", "0900000000", "phường Mẫu", READY, code, code.replace("-", "")):
        assert secret not in dump, secret
