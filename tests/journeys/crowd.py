"""Two hundred citizens who each ask ten questions, one after the other, and remember what they were answered."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.journeys.province import POLICE

# Each question with the words that only its answer begins with: any mix-up or gap in the order shows.
QUESTIONS = (
    ("#hoi cc_doi fee", "Cấp đổi thẻ căn cước"),
    ("#hoi ho_chieu time", "Cấp hộ chiếu phổ thông"),
    ("#hoi tam_tru place", "Đăng ký tạm trú"),
    ("#hoi khai_sinh time", "Đăng ký khai sinh"),
    ("#hoi gplx_doi fee", "Đổi giấy phép lái xe"),
    ("#hoi thuong_tru time", "Đăng ký thường trú"),
    ("#hoi ket_hon place", "Đăng ký kết hôn"),
    ("#hoi xe_lan_dau place", "Đăng ký, cấp biển số xe lần đầu"),
    ("#hoi tach_ho time", "Tách hộ"),
    ("#hoi khai_tu time", "Đăng ký khai tử"),
)
PATIENCE_SECONDS = 120
PAGE = 10_000


@dataclass(slots=True)
class Crowd:
    http: aiohttp.ClientSession
    sandbox: str
    size: int
    ids: list[str] = field(default_factory=list)
    sent: int = 0

    async def gather(self) -> None:
        body = {"citizens": self.size, "oa_id": POLICE}
        async with self.http.post(f"{self.sandbox}/sandbox/bulk", json=body) as answer:
            answer.raise_for_status()
            self.ids = [one["citizen_id"] for one in (await answer.json())["citizens"]]

    async def ask_all(self, pause_seconds: float) -> None:
        """Everybody asks the first question, then everybody the second: a citizen's own messages stay in order."""
        for text, _ in QUESTIONS:
            messages = [{"citizen_id": one, "oa_id": POLICE, "text": text} for one in self.ids]
            async with self.http.post(f"{self.sandbox}/sandbox/bulk/send", json={"messages": messages}) as answer:
                answer.raise_for_status()
            self.sent += len(messages)
            await asyncio.sleep(pause_seconds)
            await self._all_taken()

    async def _all_taken(self) -> None:
        """Nobody writes on before the last message has its tick.

        Zalo promises no order between a message that it has to deliver again and a later one.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            async with self.http.get(f"{self.sandbox}/sandbox/webhooks", params={"after": str(10**9)}) as answer:
                if (await answer.json())["pending"] == 0:
                    return
            await asyncio.sleep(0.1)

    async def answers(self) -> dict[str, list[str]]:
        """What each was told, in order, once everybody has heard enough or patience ends."""
        told: dict[str, list[str]] = defaultdict(list)
        after, count, deadline = 0, 0, time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            rows = await self._page(after)
            for row in rows:
                told[row["citizen"]].append(row["text"])
                after = row["seq"]
            count = sum(len(told.get(one, ())) for one in self.ids)  # Others have talked here before.
            if count >= self.sent and not rows:
                break
            await asyncio.sleep(0.5)
        await asyncio.sleep(3)  # A second answer would come now.
        for row in await self._page(after):
            told[row["citizen"]].append(row["text"])
        return told

    async def _page(self, after: int) -> Sequence[dict[str, Any]]:
        asked = {"after": str(after), "limit": str(PAGE)}
        async with self.http.get(f"{self.sandbox}/sandbox/bulk/answers", params=asked) as answer:
            rows: list[dict[str, Any]] = await answer.json()
            return rows


def faults(crowd: Crowd, told: dict[str, list[str]]) -> dict[str, int]:
    """How many citizens missed an answer, had one too many, or had them in the wrong order."""
    found = {"missing": 0, "too many": 0, "out of order": 0}
    for one in crowd.ids:
        heard = told.get(one, [])
        names = [next((nth for nth, (_, name) in enumerate(QUESTIONS) if name in text), -1) for text in heard]
        found["missing"] += len(set(range(len(QUESTIONS))) - set(names))
        found["too many"] += max(0, len(names) - len(set(names)))
        found["out of order"] += names != sorted(names)
    return found
