"""A release is upgraded while people are in the middle of things: nothing of theirs is lost."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from loa.runtime import processes
from loa.runtime.ports import free_port
from loa.runtime.settings import ROOT, Settings
from loa.testkit.system import POLICE, PROVINCE, WARD, Citizen, new_citizen
from tests.journeys.chat_script import ScriptedChat
from tests.loa.release import MARK, make_release

pytestmark = [pytest.mark.live, pytest.mark.durable, pytest.mark.slow, pytest.mark.timeout(600)]

MIGRATED = {"chatbot": ["conversations"], "tips": ["conversations", "cases"], "notify": ["deliveries"]}
SEND = "/v3.0/oa/message/cs"


@dataclass(frozen=True)
class Installation:
    """A Loa on this machine, whichever release runs on its state."""

    environment: dict[str, str]
    settings: Settings

    async def loa(self, release: Path, *words: str) -> str:
        """Returns what the command of that release says; it must succeed."""
        return await asyncio.to_thread(self._loa, release, words)

    def _loa(self, release: Path, words: tuple[str, ...]) -> str:
        command = [sys.executable, "-m", "loa", *words]
        ended = subprocess.run(command, cwd=release, env=self.environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours.
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.settings.sandbox_port}"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    ports = {name: str(free_port()) for name in Settings.read({}).ports()}
    own = {**ports, "LOA_STATE": str(tmp_path / "state"), "BROKER": "kafka", "READY_SECONDS": "300"}
    installation = Installation({**os.environ, **own}, Settings.read(own))
    yield installation
    processes.end(installation.settings.loa_state)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        yield session


async def sends(http: aiohttp.ClientSession, sandbox: str) -> int:
    """Returns how many messages Zalo was asked to deliver."""
    async with http.get(f"{sandbox}/sandbox/requests", params={"limit": "10000"}) as answer:
        calls: list[dict[str, Any]] = await answer.json()
    return sum(call["path"] == SEND for call in calls)


async def ask_in_vain(http: aiohttp.ClientSession, sandbox: str, chat: ScriptedChat) -> None:
    """Zalo answers every delivery with its passing error: the reply is tried, and stays unsent."""
    faults = {"errors": [{"code": -110, "rate": 1, "path": SEND}]}
    async with http.put(f"{sandbox}/sandbox/faults", json=faults) as answer:
        answer.raise_for_status()
    before = await sends(http, sandbox)
    await chat.play("citizen: làm căn cước cần giấy tờ gì")
    async with asyncio.timeout(20):
        while await sends(http, sandbox) == before:  # noqa: ASYNC110 - Zalo tells nobody.
            await asyncio.sleep(0.1)


async def words_for(citizen: Citizen) -> str:
    """Returns what comes next: a message that was refused is tried again later and later."""
    async with asyncio.timeout(240):
        while not (messages := await citizen.receives(5)):
            pass
    return "\n".join(message["text"] for message in messages)


async def book(chat: ScriptedChat) -> str:
    """Returns the code of an appointment at the first hour that is offered."""
    await chat.play("""
        citizen: em muốn đặt lịch hẹn
        citizen taps: Căn cước
        bot: ông/bà chọn ngày nào
    """)
    day = next(title for title in chat.offered if "/" in title)
    await chat.play(f"citizen taps: {day}\n bot: Ông/bà chọn giờ nào")
    await chat.play(f"""
        citizen taps: {chat.offered[0]}
        citizen taps: Xác nhận
        bot: họ tên
        citizen: Lê Thị Thử
        bot: Mã hẹn: LH-
    """)
    return next(word for word in chat.last.split() if word.startswith("LH-")).strip(".,")


async def begin(fines: ScriptedChat, tip: ScriptedChat) -> None:
    """Each is in the middle when this ends."""
    await fines.play("""
        citizen: #lam f_phat_nguoi
        citizen: 99Z-001.01
        bot: Đây là xe gì
    """)
    await tip.play("""
        citizen: #tinbao
        bot: TB-
        citizen: tối qua có nhóm đua xe trước cổng chợ
    """)


async def test_an_open_dialogue_an_open_tip_a_booking_and_an_unsent_reply_go_on_after_an_upgrade(
    installation: Installation, http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    await installation.loa(ROOT, "up", "--detach")
    fines, tip, question, appointment = [
        ScriptedChat(await new_citizen(http, installation.sandbox, name))
        for name in ("Phạm Thị Thử", "Lý Văn Thử", "Trần Thị Thử", "Lê Thị Thử")
    ]
    fines.citizen.oa_id, tip.citizen.oa_id = PROVINCE, WARD
    question.citizen.oa_id = appointment.citizen.oa_id = POLICE
    code = await book(appointment)
    await begin(fines, tip)
    await ask_in_vain(http, installation.sandbox, question)

    migrations = {name: MARK.format(collections=collections) for name, collections in MIGRATED.items()}
    release = make_release(tmp_path / "release", migrations)
    said = await installation.loa(release, "upgrade")
    assert "Everything on the log is handled." in said
    assert "chatbot: version 0 → 1 (documents are marked)" in said
    await installation.loa(release, "up", "--detach")

    assert "CC01" in await words_for(question.citizen)
    await fines.play("""
        citizen: quay lại
        bot: biển số
    """)
    await tip.play("""
        citizen: #xong
        bot: TB-
    """)
    await appointment.play(f"citizen: #lam f_lich_hen\n bot: {code}")
    await installation.loa(release, "down")
