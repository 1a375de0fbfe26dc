"""Dossiers and papers through the whole chain: proven, followed, posted, withdrawn, authorised; papers kept and sent back."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from tests.journeys.province import PORTAL, Province
from tests.journeys.transcript import Meet, Talk

pytestmark = pytest.mark.live

# Of the demonstration's file: made-up people with two dossiers each.
RECEIVED, PROCESSING, BORN = "H99.12-260901-0001", "H99.13-260906-0002", "12/01/1960"
READY, READY_TOO, BORN_TOO = "H99.13-260921-0005", "H99.14-260926-0006", "23/11/1962"
NOBODYS = "H99.99-260101-9999"


async def proves(talk: Talk, code: str, born: str) -> None:
    await talk.goes(f"""
        citizen: #lam f_ho_so {code}
        bot: ngày sinh
        citizen: {born}
        bot: Đã xác minh … {code}
    """)


async def push(whole: Province, code: str, status: str) -> None:
    told = {"id": f"push-{uuid4()}", "code": code, "status": status, "at": datetime.now(UTC).isoformat()}
    async with (
        aiohttp.ClientSession(headers=whole.officer) as http,
        http.post(f"{whole.chatbot}/api/dossiers/events", json=told) as answer,
    ):
        assert answer.status == 200, await answer.text()


async def history(whole: Province, code: str) -> list[dict[str, Any]]:
    """As officers see it."""
    async with (
        aiohttp.ClientSession(headers=whole.officer) as http,
        http.get(f"{whole.chatbot}/api/dossiers/{code}/history") as answer,
    ):
        entries: list[dict[str, Any]] = (await answer.json())["entries"]
        return entries


async def test_a_dossier_by_code_after_proof_its_history_and_a_notice_when_it_changes(
    meet: Meet, whole: Province
) -> None:
    talk = await meet(PORTAL)
    await talk.goes(f"""
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
    await push(whole, RECEIVED, "processing")
    await talk.goes(f"""
        bot: Hồ sơ {RECEIVED} vừa chuyển sang: Đang giải quyết
        citizen: #lam f_ho_so {RECEIVED} lich_su
        bot: Lịch sử giao dịch … Đang giải quyết
        citizen: danh sách hồ sơ của tôi
        bot: {PROCESSING} … {RECEIVED}
        citizen: 1
        bot: Hồ sơ {PROCESSING} … Đăng ký khai sinh … Đang giải quyết
    """)
    assert [entry["kind"] for entry in await history(whole, RECEIVED)] == ["status"]


async def test_a_dossier_that_is_anothers_and_one_that_is_nobodys_are_answered_alike(meet: Meet) -> None:
    said = []
    for code in (READY, NOBODYS):
        talk = await meet(PORTAL)
        await talk.goes(f"""
            citizen: #lam f_ho_so {code}
            bot: ngày sinh
            citizen: {BORN}
            bot: Không tìm thấy
        """)
        said.append((talk.last, talk.offered))
    assert said[0] == said[1]


async def test_a_result_is_posted_and_officers_see_it_in_the_history(meet: Meet, whole: Province) -> None:
    talk = await meet(PORTAL)
    await proves(talk, READY, BORN_TOO)
    await talk.goes(f"""
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
    entry = next(entry for entry in await history(whole, READY) if entry["kind"] == "post")
    assert entry["told"]["phone"] == "0900000000"


async def test_a_dossier_is_withdrawn_only_after_a_warning_a_reason_and_a_yes(meet: Meet, whole: Province) -> None:
    talk = await meet(PORTAL)
    await proves(talk, PROCESSING, BORN)
    await talk.goes(f"""
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
    assert "withdraw" in [entry["kind"] for entry in await history(whole, PROCESSING)]


async def test_another_person_may_collect_a_result_only_when_they_agree(meet: Meet, whole: Province) -> None:
    owner, friend, stranger = await meet(PORTAL), await meet(PORTAL), await meet(PORTAL)
    await proves(owner, READY_TOO, BORN_TOO)
    await owner.goes("""
        citizen taps: Uỷ quyền nhận
        bot: phải đồng ý thì uỷ quyền mới có hiệu lực
        citizen: Trần Thử Bạn
        bot: 4 số cuối
        citizen: 0042
        bot: Trần Thử Bạn (căn cước kết thúc bằng 0042)
        citizen taps: Đồng ý
        bot: Xin gửi mã UQ-
    """)
    found = re.search(r"UQ-[0-9A-Z-]+", owner.last)
    assert found is not None
    await stranger.goes("""
        citizen: UQ-2222-2222-2222
        bot: không đúng hoặc đã hết hạn
    """)
    await friend.goes(f"""
        citizen: {found[0]}
        bot: nhờ ông/bà nhận giúp kết quả hồ sơ {READY_TOO}
        citizen taps: Đồng ý
        bot: mang căn cước đến
    """)
    await owner.goes(f"bot: Trần Thử Bạn đã đồng ý nhận kết quả hồ sơ {READY_TOO}")
    assert any(entry["kind"].startswith("authoris") for entry in await history(whole, READY_TOO))
