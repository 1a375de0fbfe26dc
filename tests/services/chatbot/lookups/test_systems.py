"""Dossiers and fines from a province's own system, in the chat: the same proofs, the same limits, the same words."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from chassis.mongo import Database
from services.chatbot.content.content import Content
from tests.services.chatbot.chatbot_app import LATE, READY, ChatbotApp, no_remote_systems
from tests.services.chatbot.citizen_chat import BORN
from tests.services.chatbot.fake_http import FakeSystem, listening

pytestmark = pytest.mark.live

AS_OF = "2026-03-02T08:00:00+07:00"
ORIGIN = {"source": "Hệ thống một cửa tỉnh Thử", "as_of": AS_OF}


def dossier(code: str, stage: str = "processing") -> dict[str, Any]:
    return {
        "code": code, "procedure": "Đăng ký thường trú", "stage": stage, "submitted": "2026-02-01", "due": "2026-03-10",
        "where": "Một cửa Thử", "owner": "Nguyễn Thử Một", "missing": "",
    }  # fmt: skip


@pytest.fixture
def system() -> FakeSystem:
    """One person with two dossiers, and one fine."""
    owns = {LATE, READY}
    return FakeSystem(
        {
            "/d/prove": lambda body: (
                {"applicant": "nguoi-1"} if body == {"code": LATE, "birthday": "1990-09-05"} else None
            ),
            "/d/identify": lambda body: (
                {"applicant": "nguoi-1"} if body == {"applicant": "nguoi-1", "digits": "000001"} else None
            ),
            "/d/find": lambda body: (
                {**ORIGIN, "dossier": dossier(body["code"])}
                if body["code"] in owns and body["applicant"] == "nguoi-1"
                else None
            ),
            "/d/mine": lambda body: (
                {**ORIGIN, "dossiers": [dossier(code) for code in sorted(owns)]}
                if body["applicant"] == "nguoi-1"
                else None
            ),
            "/f/find": lambda body: (
                {**ORIGIN, "plate": body["plate"], "fines": [FINE]}
                if (body["plate"], body["proof"]) == ("99Z00101", "56789")
                else None
            ),
        }
    )


FINE = {"time": "08:15", "place": "Ngã tư Thử", "offence": "Vượt đèn đỏ", "unit": "Đội Thử", "phone": "000"}


@pytest.fixture
async def chatbot_app(db: Database, content: Content, system: FakeSystem) -> AsyncIterator[ChatbotApp]:
    async with (
        listening(system.handle) as host,
        no_remote_systems(dossiers_url=f"http://{host}/d", fines_url=f"http://{host}/f") as remote_systems,
    ):
        yield await ChatbotApp.open(db, content, remote_systems)


async def test_a_dossier_of_the_provinces_system_is_proven_and_shown_with_its_source(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    reply = await lan.proves(LATE)
    assert "Tình trạng: Đang giải quyết" in reply
    assert "Nguồn: Hệ thống một cửa tỉnh Thử, cập nhật 08:00 02/03/2026" in reply
    assert READY not in await lan.says("#lam f_ho_so_cua_toi")
    assert READY in await lan.says("000001")


async def test_requests_about_it_stand_in_our_history(chatbot_app: ChatbotApp) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    for text in (f"#lam f_rut_ho_so {LATE}", "#chon co", "Tôi nộp nhầm", "#chon co"):
        await lan.says(text)
    assert await chatbot_app.history(LATE) == [("withdraw", {"reason": "Tôi nộp nhầm"})]


async def test_while_it_is_away_the_known_answer_says_how_old_it_is_and_an_unknown_one_is_not_guessed(
    chatbot_app: ChatbotApp, system: FakeSystem
) -> None:
    lan = chatbot_app.citizen("lan")
    await lan.proves(LATE)
    system.mood = "failing"
    assert "nguồn chính đang tạm gián đoạn" in await lan.says(f"#lam f_ho_so {LATE}")
    assert "không trả lời" in await lan.says(f"#lam f_ho_so {READY}")
    assert lan.endings == ["refused"]


async def test_an_outage_is_no_time_to_guess(chatbot_app: ChatbotApp, system: FakeSystem) -> None:
    await chatbot_app.citizen("lan").proves(LATE)
    system.mood = "failing"
    guesser = chatbot_app.citizen("doan_mo")
    for day in range(1, 6):
        assert "không trả lời" in await guesser.proves(LATE, f"0{day}/01/1991")
    assert "tạm khoá" in await guesser.proves(LATE, BORN)


async def test_wrong_birthdays_lock_before_the_source_is_asked(chatbot_app: ChatbotApp, system: FakeSystem) -> None:
    guesser = chatbot_app.citizen("doan_mo")
    for day in range(1, 6):
        await guesser.proves(LATE, f"0{day}/01/1991")
    request_count = len(system.requests)
    assert "tạm khoá" in await guesser.proves(LATE)
    assert len(system.requests) == request_count


async def test_fines_need_the_proof_and_lock_like_the_embedded_ones(chatbot_app: ChatbotApp) -> None:
    lan, guesser = chatbot_app.citizen("lan"), chatbot_app.citizen("doan_mo")
    for text in ("#lam f_phat_nguoi 99Z-001.01", "#chon oto"):
        await lan.says(text)
    reply = await lan.says("56789")
    assert "Vượt đèn đỏ" in reply
    assert "Nguồn: Hệ thống một cửa tỉnh Thử" in reply
    for _ in range(5):
        for text in ("#lam f_phat_nguoi 99Z-001.01", "#chon oto", "00000"):
            await guesser.says(text)
        assert "Không tìm thấy vi phạm" in guesser.last
    for text in ("#lam f_phat_nguoi 99Z-001.01", "#chon oto", "56789"):
        await guesser.says(text)
    assert "quá số lần" in guesser.last
    tried = await chatbot_app.db.attempts.count_documents({})
    await guesser.leaves()
    assert await chatbot_app.db.attempts.count_documents({}) == tried, "leaving is no way to guess anew"
    await lan.leaves()
    assert await chatbot_app.db.proofs.count_documents({}) == 0


async def test_nothing_that_was_looked_up_lies_open_in_the_database(chatbot_app: ChatbotApp) -> None:
    await chatbot_app.citizen("lan").proves(LATE)
    dump = await chatbot_app.dump()
    for secret in (LATE, "Nguyễn Thử", "1990", "nguoi-1", "thường trú"):
        assert secret not in dump, secret
