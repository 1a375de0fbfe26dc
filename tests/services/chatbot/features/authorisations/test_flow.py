"""Somebody else collects a result: named by the owner, willing themselves, one at a time, and taken back at will."""

from datetime import timedelta

import pytest

from services.chatbot.features.authorisations.effects import format_invite, read_invite
from tests.doubles import OA, conversation
from tests.services.chatbot.chatbot_app import READY, THEIRS, ChatbotApp
from tests.services.chatbot.citizen_chat import BORN_TOO, PORTAL, CitizenChat

pytestmark = pytest.mark.live


async def invite(chat: CitizenChat, code: str = READY) -> str:
    """Lan authorises somebody; the invite that stands in the bot's words."""
    await chat.proves(code)
    await chat.says(f"#lam f_uy_quyen {code}")
    for text in ("Lê Giả Ba", "0003"):
        await chat.says(text)
    reply = await chat.presses("Đồng ý")
    token = read_invite(reply)
    assert token is not None
    assert "trong vòng 48 giờ" in reply
    return format_invite(token)


async def test_another_person_collects_once_they_have_said_yes_themselves(chatbot_app: ChatbotApp) -> None:
    lan, ba = chatbot_app.citizen("lan"), chatbot_app.citizen("ba")
    code = await invite(lan)
    reply = await ba.says(f"Bạn tôi gửi mã này: {code}")
    assert f"Nguyễn Thử Một nhờ ông/bà nhận giúp kết quả hồ sơ {READY}" in reply
    assert "mang căn cước đến Một cửa Thử" in await ba.presses("Đồng ý")
    (reminder,) = await chatbot_app.send_reminders()
    assert reminder.parts[0].text == f"Lê Giả Ba đã đồng ý nhận kết quả hồ sơ {READY} thay ông/bà."
    kinds = [kind for kind, _ in await chatbot_app.history(READY)]
    assert kinds == ["authorise", "accepted"]
    assert (await chatbot_app.history(READY))[0][1] == {"name": "Lê Giả Ba", "last4": "0003"}


async def test_who_refuses_is_recorded_and_the_owner_may_ask_another(chatbot_app: ChatbotApp) -> None:
    lan, ba = chatbot_app.citizen("lan"), chatbot_app.citizen("ba")
    code = await invite(lan)
    await ba.says(f"#lam f_uy_quyen {code}")
    assert "không nhận" in await ba.presses("Không")
    (reminder,) = await chatbot_app.send_reminders()
    assert "từ chối" in reminder.parts[0].text
    assert "không đúng hoặc đã hết hạn" in await ba.says(code), "an answered invite is like a wrong one"
    assert await invite(lan) != code


async def test_an_invite_is_for_another_person_of_the_same_oa_and_for_two_days(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    code = await invite(lan)
    assert "mã của chính ông/bà" in await lan.says(code)
    assert "không đúng" in await chatbot_app.citizen("ba", OA).says(code)
    late = chatbot_app.citizen("ba")
    late.now += timedelta(hours=49)
    assert "không đúng" in await late.says(code)


async def test_invites_cannot_be_guessed_at_leisure(chatbot_app: ChatbotApp) -> None:
    code = await invite(chatbot_app.citizen("lan"))
    guesser = chatbot_app.citizen("doan_mo")
    for letter in "23456":
        assert "không đúng" in await guesser.says(f"UQ-AAAA-BBBB-CCC{letter}")
    assert "quá số lần" in await guesser.says(code)


async def test_one_person_at_a_time_and_the_owner_can_take_it_back(chatbot_app: ChatbotApp) -> None:
    lan, ba = chatbot_app.citizen("lan"), chatbot_app.citizen("ba")
    code = await invite(lan)
    await ba.says(code)
    await ba.presses("Đồng ý")
    await chatbot_app.send_reminders()
    assert "đã có uỷ quyền cho Lê Giả Ba" in await lan.says(f"#lam f_uy_quyen {READY}")
    assert "Đã huỷ uỷ quyền" in await lan.presses("Đồng ý")
    (reminder,) = await chatbot_app.send_reminders()
    assert reminder.conversation == conversation("ba", PORTAL), "who had accepted it is told"
    assert [kind for kind, _ in await chatbot_app.history(READY)] == ["authorise", "accepted", "revoked"]


async def test_an_invite_taken_back_before_it_was_answered_cannot_be_accepted(chatbot_app: ChatbotApp) -> None:
    lan, ba = chatbot_app.citizen("lan"), chatbot_app.citizen("ba")
    code = await invite(lan)
    await ba.says(code)
    await lan.says(f"#lam f_uy_quyen {READY}")
    await lan.presses("Đồng ý")
    assert "không đúng" in await ba.presses("Đồng ý")
    assert [kind for kind, _ in await chatbot_app.history(READY)] == ["authorise", "revoked"]


async def test_only_the_owner_authorises(chatbot_app: ChatbotApp) -> None:
    hai = chatbot_app.citizen("hai")
    await hai.proves(THEIRS, BORN_TOO)
    assert "ngày sinh" in await hai.says(f"#lam f_uy_quyen {READY}")


@pytest.mark.parametrize("leaver", ["lan", "ba"])
async def test_whoever_of_the_two_leaves_ends_it_and_officers_see_that(chatbot_app: ChatbotApp, leaver: str) -> None:
    lan, ba = chatbot_app.citizen("lan"), chatbot_app.citizen("ba")
    code = await invite(lan)
    await ba.says(code)
    await ba.presses("Đồng ý")
    await {"lan": lan, "ba": ba}[leaver].leaves()
    assert (await chatbot_app.history(READY))[-1] == ("revoked", {"name": "Lê Giả Ba"})
    assert await chatbot_app.db.grants.count_documents({}) == 0


async def test_neither_names_nor_invites_lie_open_in_the_database(chatbot_app: ChatbotApp) -> None:
    code = await invite(chatbot_app.citizen("lan"))
    dump = await chatbot_app.dump()
    for secret in ("Lê Giả Ba", "0003", "Nguyễn Thử", READY, code, code.replace("-", "")):
        assert secret not in dump, secret
