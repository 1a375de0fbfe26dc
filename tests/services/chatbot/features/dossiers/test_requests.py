"""What is filed about a dossier: postal return, withdrawal, somebody authorised to collect; each in the history officers see."""

from datetime import timedelta

import pytest

from services.chatbot.features.dossiers.jobs import StatusChange
from tests.services.chatbot.chatbot_app import CLOSED, LATE, NINE_IN_THE_MORNING, READY, ChatbotApp
from tests.services.chatbot.citizen_chat import CitizenChat

pytestmark = pytest.mark.live


async def post(chat: CitizenChat, address: str = "Số 1, đường Thử, phường Mẫu") -> str:
    for text in ("Nguyễn Thử Một", "0900 000 000", address):
        await chat.says(text)
    return await chat.presses("Xác nhận")


async def test_a_result_is_posted_to_an_address_that_is_confirmed(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(READY)
    assert "tại nhà" in await lan.presses("Nhận qua bưu chính")
    assert "Mã yêu cầu: BC-" in await post(lan)
    details = {"name": "Nguyễn Thử Một", "phone": "0900000000", "address": "Số 1, đường Thử, phường Mẫu"}
    assert await chatbot_app.history(READY) == [("post", details)]
    assert "đăng ký nhận kết quả qua bưu chính" in await lan.says(f"#lam f_ho_so {READY} lich_su")


async def test_the_address_may_be_changed_and_both_stand_in_the_history(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(READY)
    await lan.presses("Nhận qua bưu chính")
    await post(lan)
    assert "đã đăng ký bưu chính từ trước" in await lan.says(f"#lam f_buu_chinh {READY}")
    await lan.presses("Đồng ý")
    await post(lan, "Số 2, đường Thử, phường Mẫu")
    assert [details["address"][:4] for _, details in await chatbot_app.history(READY)] == ["Số 1", "Số 2"]


async def test_bad_answers_are_asked_again_and_back_goes_back(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(READY)
    await lan.presses("Nhận qua bưu chính")
    await lan.says("Nguyễn Thử Một")
    assert "10 chữ số" in await lan.says("12345")
    await lan.says("+84 900 000 000")
    assert "ngắn" in await lan.says("nhà em")
    assert "số điện thoại" in await lan.says("quay lại")
    assert "Đã dừng việc" in await lan.says("huỷ")
    assert await chatbot_app.history(READY) == []


async def test_what_is_over_is_too_late(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(CLOSED)
    for flow, words in (
        ("f_buu_chinh", "đã trả kết quả"),
        ("f_rut_ho_so", "giải quyết xong"),
        ("f_uy_quyen", "không còn"),
    ):
        assert words in await lan.says(f"#lam {flow} {CLOSED}"), flow
        assert lan.endings == ["refused"]


async def test_a_dossier_is_withdrawn_after_two_confirmations_and_a_reason(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    assert "dừng giải quyết" in await lan.presses("Rút hồ sơ")
    assert "lý do" in await lan.presses("Đồng ý")
    assert "Tôi nộp nhầm nơi" in await lan.says("Tôi nộp nhầm nơi")
    assert await chatbot_app.history(LATE) == [], "nothing before the second yes"
    assert "Mã yêu cầu: RH-" in await lan.presses("Đồng ý")
    assert await chatbot_app.history(LATE) == [("withdraw", {"reason": "Tôi nộp nhầm nơi"})]
    assert "đã có yêu cầu rút" in await lan.says(f"#lam f_rut_ho_so {LATE}")


async def test_a_no_at_either_question_files_nothing(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    await lan.presses("Rút hồ sơ")
    assert "vẫn giữ nguyên" in await lan.presses("Không")
    await lan.says(f"#lam f_rut_ho_so {LATE}")
    await lan.presses("Đồng ý")
    await lan.says("Không cần nữa")
    assert "vẫn giữ nguyên" in await lan.presses("Không")
    assert lan.endings == ["cancelled"]
    assert await chatbot_app.history(LATE) == []


async def test_two_phones_of_one_person_withdraw_once(chatbot_app: ChatbotApp) -> None:
    phones = [chatbot_app.citizen("lan"), chatbot_app.citizen("lan_may_hai")]
    for chat in phones:
        await chat.proves(LATE)
        for text in (f"#lam f_rut_ho_so {LATE}", "#chon co", "Tôi nộp nhầm"):
            await chat.says(text)
    assert "RH-" in await phones[0].presses("Đồng ý")
    assert "đã có yêu cầu rút" in await phones[1].presses("Đồng ý")
    assert len(await chatbot_app.history(LATE)) == 1


async def test_when_the_office_moves_it_on_it_may_be_withdrawn_anew(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    for text in (f"#lam f_rut_ho_so {LATE}", "#chon co", "Tôi nộp nhầm", "#chon co"):
        await lan.says(text)
    await chatbot_app.changes.push(
        StatusChange("mot-cua-00009", LATE, "needs_more", NINE_IN_THE_MORNING + timedelta(hours=1))
    )
    assert "dừng giải quyết" in await lan.says(f"#lam f_rut_ho_so {LATE}")


async def test_a_message_handled_twice_files_once(chatbot_app: ChatbotApp) -> None:
    """The memory of the conversation is lost after the request was filed: the same message files the same request."""
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    for text in (f"#lam f_rut_ho_so {LATE}", "#chon co", "Tôi nộp nhầm"):
        await lan.says(text)
    before = await chatbot_app.db.conversations.find({}).to_list(None)
    now = lan.now
    first = await lan.says("#chon co", msg_id="m-1")
    for document in before:
        await chatbot_app.db.conversations.replace_one({"_id": document["_id"]}, document)
    lan.now = now
    assert await lan.says("#chon co", msg_id="m-1") == first
    assert len(await chatbot_app.history(LATE)) == 1


async def test_nothing_that_was_filed_lies_open_in_the_database(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(READY)
    await lan.presses("Nhận qua bưu chính")
    await post(lan)
    dump = await chatbot_app.dump()
    for secret in ("Nguyễn Thử", "0900000000", "phường Mẫu", READY):
        assert secret not in dump, secret
