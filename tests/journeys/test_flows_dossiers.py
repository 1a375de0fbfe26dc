"""Dossiers and papers through the whole chain: proven, followed, posted, withdrawn, authorised; papers kept and sent back."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from loa.testkit.system import PORTAL, FullSystem
from tests.journeys.chat_script import ScriptedChat, StartChat

pytestmark = pytest.mark.live

# Of the demonstration's file: made-up people with two dossiers each.
RECEIVED, PROCESSING, BORN = "H99.12-260901-0001", "H99.13-260906-0002", "12/01/1960"
READY, READY_TOO, BORN_TOO = "H99.13-260921-0005", "H99.14-260926-0006", "23/11/1962"
NOBODYS = "H99.99-260101-9999"


async def proves(chat: ScriptedChat, code: str, born: str) -> None:
    await chat.play(f"""
        citizen: #lam f_ho_so {code}
        bot: ngày sinh
        citizen: {born}
        bot: Đã xác minh … {code}
    """)


async def push(system: FullSystem, code: str, status: str) -> None:
    body = {"id": f"push-{uuid4()}", "code": code, "status": status, "at": datetime.now(UTC).isoformat()}
    async with (
        aiohttp.ClientSession(headers=system.officer_headers) as http,
        http.post(f"{system.chatbot}/api/dossiers/events", json=body) as answer,
    ):
        assert answer.status == 200, await answer.text()


async def history(system: FullSystem, code: str) -> list[dict[str, Any]]:
    """As officers see it."""
    async with (
        aiohttp.ClientSession(headers=system.officer_headers) as http,
        http.get(f"{system.chatbot}/api/dossiers/{code}/history") as answer,
    ):
        entries: list[dict[str, Any]] = (await answer.json())["entries"]
        return entries


async def test_a_dossier_by_code_after_proof_its_history_and_a_notice_when_it_changes(
    start_chat: StartChat, system: FullSystem
) -> None:
    chat = await start_chat(PORTAL)
    await chat.play(f"""
        citizen: hồ sơ {RECEIVED} của tôi tới đâu rồi
        bot: ngày sinh
        bot does not say: Đăng ký thường trú
        citizen: 01/01/2000
        bot: Không tìm thấy hồ sơ khớp
        citizen: {BORN}
        bot: Đã xác minh … Đăng ký thường trú … Đã tiếp nhận … quá ngày hẹn … Nguồn:
        citizen taps: Nhận thông báo
        bot: Đã đăng ký
    """)
    await push(system, RECEIVED, "processing")
    await chat.play(f"""
        bot: Hồ sơ {RECEIVED} vừa chuyển sang: Đang giải quyết
        citizen: #lam f_ho_so {RECEIVED} lich_su
        bot: Lịch sử giao dịch … Đang giải quyết
        citizen: danh sách hồ sơ của tôi
        bot: 6 số cuối căn cước
        citizen: 000001
        bot: {PROCESSING} … {RECEIVED}
        citizen: 1
        bot: Hồ sơ {PROCESSING} … Đăng ký khai sinh … Đang giải quyết
    """)
    assert [entry["kind"] for entry in await history(system, RECEIVED)] == ["status"]


async def test_a_dossier_that_is_anothers_and_one_that_is_nobodys_are_answered_alike(start_chat: StartChat) -> None:
    replies = []
    for code in (READY, NOBODYS):
        chat = await start_chat(PORTAL)
        await chat.play(f"""
            citizen: #lam f_ho_so {code}
            bot: ngày sinh
            citizen: {BORN}
            bot: Không tìm thấy
        """)
        replies.append((chat.last, chat.offered))
    assert replies[0] == replies[1]


async def test_a_result_is_posted_and_officers_see_it_in_the_history(start_chat: StartChat, system: FullSystem) -> None:
    chat = await start_chat(PORTAL)
    await proves(chat, READY, BORN_TOO)
    await chat.play(f"""
        citizen taps: Nhận qua bưu chính
        bot: tại nhà … họ tên người nhận
        citizen: Lê Thử Số
        bot: số điện thoại
        citizen: 123
        bot: 10 chữ số
        citizen: 0900 000 000
        bot: địa chỉ
        citizen: Số 1, đường Thử, phường Mẫu, tỉnh Sông Lam
        bot: {READY} … Lê Thử Số, 0900000000 … Số 1, đường Thử
        citizen taps: Xác nhận
        bot: Mã yêu cầu: BC-
    """)
    entry = next(entry for entry in await history(system, READY) if entry["kind"] == "post")
    assert entry["told"]["phone"] == "0900000000"


async def test_a_dossier_is_withdrawn_only_after_a_warning_a_reason_and_a_yes(
    start_chat: StartChat, system: FullSystem
) -> None:
    chat = await start_chat(PORTAL)
    await proves(chat, PROCESSING, BORN)
    await chat.play(f"""
        citizen taps: Rút hồ sơ
        bot: cơ quan dừng giải quyết
        citizen taps: Đồng ý
        bot: lý do
        citizen: nộp nhầm thủ tục
        bot: Rút hồ sơ {PROCESSING} với lý do: nộp nhầm thủ tục
        citizen taps: Đồng ý
        bot: Đã ghi yêu cầu rút hồ sơ … Mã yêu cầu
        citizen: #lam f_rut_ho_so {PROCESSING}
        bot: đã có yêu cầu rút đang chờ
    """)
    assert "withdraw" in [entry["kind"] for entry in await history(system, PROCESSING)]


async def test_another_person_may_collect_a_result_only_when_they_agree(
    start_chat: StartChat, system: FullSystem
) -> None:
    owner, friend, stranger = await start_chat(PORTAL), await start_chat(PORTAL), await start_chat(PORTAL)
    await proves(owner, READY_TOO, BORN_TOO)
    await owner.play("""
        citizen taps: Uỷ quyền nhận
        bot: phải đồng ý thì uỷ quyền mới có hiệu lực
        citizen: Trần Thử Bạn
        bot: 4 số cuối
        citizen: 0042
        bot: Trần Thử Bạn (căn cước kết thúc bằng 0042)
        citizen taps: Đồng ý
        bot: Xin gửi mã UQ-
    """)
    match = re.search(r"UQ-[0-9A-Z-]+", owner.last)
    assert match is not None
    await stranger.play("""
        citizen: UQ-2222-2222-2222
        bot: không đúng hoặc đã hết hạn
    """)
    await friend.play(f"""
        citizen: {match[0]}
        bot: nhờ ông/bà nhận giúp kết quả hồ sơ {READY_TOO}
        citizen taps: Đồng ý
        bot: mang căn cước đến
    """)
    await owner.play(f"bot: Trần Thử Bạn đã đồng ý nhận kết quả hồ sơ {READY_TOO}")
    assert any(entry["kind"].startswith("authoris") for entry in await history(system, READY_TOO))
