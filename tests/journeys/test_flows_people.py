"""Officers, reminders and surveys, through the whole chain."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from loa.testkit.system import PORTAL, PROVINCE, WARD, FullSystem
from tests.journeys.chat_script import StartChat

pytestmark = pytest.mark.live


async def test_an_officer_takes_over_the_bot_keeps_silent_and_is_given_back(
    start_chat: StartChat, system: FullSystem
) -> None:
    chat = await start_chat(PORTAL)
    await chat.play("""
        citizen: tôi đã nộp hồ sơ ba lần rồi vẫn bị trả
        citizen: gặp cán bộ
        bot: lượt ông/bà
    """)
    waiting = await queue(system)
    assert any("nộp hồ sơ ba lần" in str(entry["talk"]) for entry in waiting), "the officer reads what was said"
    await chat.play("""
        citizen: có ai không ạ
        bot is silent:
        officer: Dạ tôi nghe, hồ sơ của ông/bà thiếu giấy nào?
        citizen: làm căn cước cần giấy tờ gì
        bot is silent:
    """)
    assert not any("nộp hồ sơ ba lần" in str(entry["talk"]) for entry in await queue(system)), "nobody waits any more"
    await chat.play("""
        citizen: menu
        bot: Mời ông/bà chọn việc cần làm
        citizen: làm căn cước cần giấy tờ gì
        bot: CC01
    """)


async def test_half_an_hour_after_the_officers_last_words_the_talk_is_the_bots_again(
    start_chat: StartChat, clock: "SandboxClock"
) -> None:
    chat = await start_chat(WARD)
    await chat.play("""
        citizen: gặp cán bộ
        bot: lượt ông/bà
        officer: Chào ông/bà, xong rồi nhé
        citizen: cảm ơn cán bộ
        bot is silent:
    """)
    await clock.moves(timedelta(minutes=31))
    await chat.play("""
        citizen: làm căn cước cần giấy tờ gì
        bot: CC01
    """)


async def test_a_flow_left_half_done_is_recalled_once_and_goes_on_where_it_was(
    start_chat: StartChat, clock: "SandboxClock"
) -> None:
    chat = await start_chat(PROVINCE)
    await clock.moves(-timedelta(minutes=11))
    await chat.play("""
        citizen: #lam f_phat_nguoi
        citizen: 99Z-001.01
        bot: Đây là xe gì
        bot: Ông/bà đang làm dở
        bot offers: Làm tiếp | Huỷ
    """)
    await clock.moves(timedelta(0))
    reminded = chat.last.count("đang làm dở")
    await chat.play("""
        citizen taps: Làm tiếp
        bot: Đây là xe gì
        citizen: quay lại
        bot: biển số
        citizen: huỷ
        bot: Đã dừng việc
    """)
    assert reminded == 1


async def test_a_survey_by_stars_and_words_and_its_results_by_oa_and_period(
    start_chat: StartChat, system: FullSystem, http: aiohttp.ClientSession
) -> None:
    began = datetime.now(UTC) - timedelta(minutes=1)
    chat = await start_chat(WARD)
    await chat.play("""
        citizen: #lam f_don_vi ca_thoi_an
        bot: Địa chỉ … hài lòng với lần phục vụ vừa rồi
        citizen taps: 2
        bot: điều gì chưa tốt
        citizen: phải chờ lâu quá
        bot: Cảm ơn ông/bà đã đánh giá
    """)
    params = {"oa_id": WARD, "since": began.isoformat(), "until": datetime.now(UTC).isoformat()}
    async with http.get(f"{system.chatbot}/api/surveys", params=params, headers=system.officer_headers) as answer:
        results = await answer.json()
    assert [row for row in results if row["errand"] == "f_don_vi"], results
    async with http.get(f"{system.chatbot}/api/surveys", params=params) as answer:
        assert answer.status == 401, "only for officers"


async def queue(system: FullSystem) -> list[dict[str, Any]]:
    async with (
        aiohttp.ClientSession(headers=system.officer_headers) as http,
        http.get(f"{system.chatbot}/api/queue", params={"oa_id": PORTAL}) as answer,
    ):
        rows: list[dict[str, Any]] = await answer.json()
        return rows


class SandboxClock:
    """The sandbox's time, which is the time that events carry."""

    def __init__(self, http: aiohttp.ClientSession, sandbox: str) -> None:
        self._http, self._sandbox = http, sandbox

    async def moves(self, by: timedelta) -> None:
        body = {"offset_seconds": by.total_seconds()}
        async with self._http.put(f"{self._sandbox}/sandbox/clock", json=body) as answer:
            answer.raise_for_status()


@pytest.fixture
async def clock(system: FullSystem, http: aiohttp.ClientSession) -> AsyncIterator[SandboxClock]:
    sandbox_clock = SandboxClock(http, system.sandbox)
    yield sandbox_clock
    await sandbox_clock.moves(timedelta(0))
