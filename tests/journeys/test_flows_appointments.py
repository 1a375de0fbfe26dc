"""Appointments through the whole chain: booked, changed, cancelled, checked in; one seat for many; waiting in line."""

import asyncio
import re
from datetime import datetime

import aiohttp
import pytest

from chassis.clock import VIETNAM
from loa.testkit.system import POLICE, FullSystem
from tests.journeys.always_open_content import HOLIDAY, holiday
from tests.journeys.chat_script import ScriptedChat, StartChat
from tests.journeys.pictures import qr

pytestmark = pytest.mark.live

CODE = re.compile(r"LH-[2-9A-Z]{4}-[2-9A-Z]{4}")
BOOKED = "Đã đặt lịch"


def code_in(chat: ScriptedChat) -> str:
    match = CODE.search(chat.last)
    assert match is not None, chat.last
    return match[0]


async def check_in(system: FullSystem, code: str) -> int:
    async with (
        aiohttp.ClientSession(headers=system.officer_headers) as http,
        http.post(f"{system.chatbot}/api/checkin/{code}") as answer,
    ):
        return answer.status


async def booked(chat: ScriptedChat) -> str:
    """From the wish to the ticket, past a holiday and a day that does not exist. Its code."""
    await chat.play(f"""
        citizen: em muốn đặt lịch hẹn
        bot: đặt lịch cho việc gì
        citizen taps: Căn cước
        bot: ông/bà chọn ngày nào
        citizen: {holiday():%d/%m/%Y}
        bot: ngày nghỉ ({HOLIDAY})
        citizen: 31/02
        bot: Tôi chưa đọc được ngày
    """)
    first = next(title for title in chat.offered_before if "/" in title)
    await chat.play(f"citizen taps: {first}\n bot: Ông/bà chọn giờ nào")
    await chat.play(f"""
        citizen taps: {chat.offered[0]}
        bot: Tôi giữ chỗ … trong 10 phút
        citizen taps: Xác nhận
        bot: họ tên
        citizen: 12345
        bot: họ tên
        citizen: Lê Thị Thử
        bot: {BOOKED} … Mã hẹn: LH- … mang theo
        bot sends a picture: png
        bot offers: Đổi lịch | Danh mục
    """)
    return code_in(chat)


async def moved(chat: ScriptedChat, code: str) -> str:
    """To another day and hour. The new code."""
    await chat.play(f"""
        citizen: lịch hẹn của tôi
        citizen: #lam f_lich_hen
        bot: Lịch hẹn của ông/bà … {code} … căn cước
        citizen taps: {code}
        bot: muốn làm gì với lịch hẹn {code}
        citizen taps: Đổi lịch
        bot: {code}
        citizen taps: Ngày khác
        bot: ông/bà chọn ngày nào
    """)
    last = [title for title in chat.offered if "/" in title][-1]
    await chat.play(f"citizen taps: {last}\n bot: Ông/bà chọn giờ nào")
    await chat.play(f"""
        citizen taps: {chat.offered[-2]}
        citizen taps: Xác nhận
        bot: họ tên
        citizen: Lê Thị Thử
        bot: {BOOKED}
    """)
    return code_in(chat)


async def given_back(chat: ScriptedChat, changed: str, code: str) -> None:
    await chat.play(f"""
        citizen: #lam f_lich_hen
        bot: {changed}
        bot does not say: {code}
        citizen: {changed}
        bot: muốn làm gì
        citizen taps: Huỷ lịch
        bot: Huỷ lịch hẹn {changed}
        citizen taps: Đồng ý
        bot: Đã huỷ lịch hẹn {changed}
        citizen: #lam f_lich_hen
        bot: chưa có lịch hẹn nào
    """)


async def test_an_appointment_is_booked_checked_in_changed_and_cancelled(
    start_chat: StartChat, system: FullSystem
) -> None:
    chat = await start_chat(POLICE)
    code = await booked(chat)
    assert chat.attachment == qr(code)
    assert await check_in(system, "LH-2222-2222") == 404
    changed = await moved(chat, code)
    assert changed != code
    assert await check_in(system, code) == 404, "given back"
    await given_back(chat, changed, code)


async def choosing_an_hour(chat: ScriptedChat) -> None:
    """Up to where the hour is to be chosen: a passport, tomorrow."""
    await chat.play("""
        citizen: #lam f_dat_lich dl_ho_chieu pc06
        bot: ông/bà chọn ngày nào
        citizen: mai
        bot: Ông/bà chọn giờ nào
    """)


async def test_of_six_who_tap_the_only_seat_at_once_one_gets_it(start_chat: StartChat, system: FullSystem) -> None:
    chats = [await start_chat(POLICE) for _ in range(6)]
    await asyncio.gather(*(choosing_an_hour(chat) for chat in chats))
    hour = chats[0].offered[0]
    await asyncio.gather(*(chat.play(f"citizen taps: {hour}") for chat in chats))
    await asyncio.gather(*(chat.receives_something() for chat in chats))
    held = [chat for chat in chats if "Tôi giữ chỗ" in chat.last]
    missed = [chat for chat in chats if "vừa có người đặt" in chat.last]
    assert (len(held), len(missed)) == (1, 5)
    await held[0].play(f"""
        citizen taps: Xác nhận
        citizen: Lê Thị Thử
        bot: {BOOKED}
    """)
    assert await check_in(system, code_in(held[0])) == 404, "tomorrow is not today"


async def test_who_waits_in_line_is_offered_the_seat_that_another_gives_back(
    start_chat: StartChat, system: FullSystem
) -> None:
    filled: list[ScriptedChat] = []
    while True:
        chat = await start_chat(POLICE)
        await chat.play("citizen: #lam f_dat_lich dl_ho_chieu ca_song_lam\n bot: Hộ chiếu")
        if "kín" in chat.last:
            break
        day = next(title for title in chat.offered if "/" in title)
        await chat.play(f"citizen taps: {day}\n bot: Ông/bà chọn giờ nào")
        await chat.play(f"""
            citizen taps: {chat.offered[0]}
            citizen taps: Xác nhận
            citizen: Lê Thị Thử
            bot: {BOOKED}
        """)
        filled.append(chat)
    await chat.play("""
        citizen taps: Vào danh sách chờ
        bot: Ông/bà đứng thứ 1 trong danh sách chờ
    """)
    assert 6 <= len(filled) <= 12, datetime.now(VIETNAM)  # Six seats tomorrow, and what is left of today.
    await filled[-1].play(f"""
        citizen: #lam f_lich_hen
        bot: Lịch hẹn của ông/bà
        citizen taps: {code_in(filled[-1])}
        bot: muốn làm gì
        citizen taps: Huỷ lịch
        citizen taps: Đồng ý
        bot: Đã huỷ
    """)
    await chat.play(f"""
        bot: Có chỗ trống: Hộ chiếu … trong 30 phút
        citizen taps: Xác nhận
        bot: họ tên
        citizen: Trần Văn Thử
        bot: {BOOKED}
    """)
    assert await check_in(system, code_in(filled[-1])) == 404
