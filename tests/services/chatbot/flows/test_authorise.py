"""Somebody else collects a result: named by the owner, willing themselves, one at a time, and taken back at will."""

from datetime import timedelta

import pytest

from services.chatbot.grants import read_invite, shown_invite
from tests.doubles import OA, conversation
from tests.services.chatbot.office import BORN_TOO, PORTAL, READY, THEIRS, Office, Talk

pytestmark = pytest.mark.live


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
    kinds = [kind for kind, _ in await office.history(READY)]
    assert kinds == ["authorise", "accepted"]
    assert (await office.history(READY))[0][1] == {"name": "Lê Giả Ba", "last4": "0003"}


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
    assert [kind for kind, _ in await office.history(READY)] == ["authorise", "accepted", "revoked"]


async def test_an_invite_taken_back_before_it_was_answered_cannot_be_accepted(office: Office) -> None:
    lan, ba = office.citizen("lan"), office.citizen("ba")
    code = await invite(lan)
    await ba.says(code)
    await lan.says(f"#lam f_uy_quyen {READY}")
    await lan.taps("Đồng ý")
    assert "không đúng" in await ba.taps("Đồng ý")
    assert [kind for kind, _ in await office.history(READY)] == ["authorise", "revoked"]


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
    assert (await office.history(READY))[-1] == ("revoked", {"name": "Lê Giả Ba"})
    assert await office.db.grants.count_documents({}) == 0


async def test_neither_names_nor_invites_lie_open_in_the_database(office: Office) -> None:
    code = await invite(office.citizen("lan"))
    dump = await office.dump()
    for secret in ("Lê Giả Ba", "0003", "Nguyễn Thử", READY, code, code.replace("-", "")):
        assert secret not in dump, secret
