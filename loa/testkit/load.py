"""Two hundred citizens who each ask ten questions, one after the other, and remember what they were answered."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from loa.testkit.quiet import quiet
from loa.testkit.system import POLICE, FullSystem

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
TIMEOUT_SECONDS = 120
PAGE_ROWS = 10_000


@dataclass(slots=True)
class CitizenLoad:
    http: aiohttp.ClientSession
    system: FullSystem
    size: int
    ids: list[str] = field(default_factory=list)
    sent: int = 0

    async def create_citizens(self) -> None:
        body = {"citizens": self.size, "oa_id": POLICE}
        async with self.http.post(f"{self.system.sandbox}/sandbox/bulk", json=body) as answer:
            answer.raise_for_status()
            self.ids = [citizen["citizen_id"] for citizen in (await answer.json())["citizens"]]

    async def ask_all(self, pause_seconds: float) -> None:
        """Everybody asks the first question, then everybody the second: a citizen's own messages stay in order."""
        for text, _ in QUESTIONS:
            messages = [{"citizen_id": citizen_id, "oa_id": POLICE, "text": text} for citizen_id in self.ids]
            async with self.http.post(
                f"{self.system.sandbox}/sandbox/bulk/send", json={"messages": messages}
            ) as answer:
                answer.raise_for_status()
            self.sent += len(messages)
            await asyncio.sleep(pause_seconds)
            await self._all_delivered()

    async def _all_delivered(self) -> None:
        """Nobody writes on before the last message has its tick.

        Zalo promises no order between a message that it has to deliver again and a later one. Raises TimeoutError.
        """
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while await self._undelivered():  # noqa: ASYNC110 - the sandbox tells nobody.
                await asyncio.sleep(0.1)

    async def _undelivered(self) -> int:
        async with self.http.get(f"{self.system.sandbox}/sandbox/webhooks", params={"after": str(10**9)}) as answer:
            return int((await answer.json())["pending"])

    async def answers(self) -> dict[str, list[str]]:
        """Returns what each received, in order, once everybody has enough or the time is up."""
        answers: dict[str, list[str]] = defaultdict(list)
        after, count, deadline = 0, 0, time.monotonic() + TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            rows = await self._page(after)
            for row in rows:
                answers[row["citizen"]].append(row["text"])
                after = row["seq"]
            count = sum(len(answers.get(citizen_id, ())) for citizen_id in self.ids)  # Others have talked here before.
            if count >= self.sent and not rows:
                break
            await asyncio.sleep(0.5)
        await quiet(self.system)  # A second answer would have come by now.
        for row in await self._page(after):
            answers[row["citizen"]].append(row["text"])
        return answers

    async def _page(self, after: int) -> Sequence[dict[str, Any]]:
        params = {"after": str(after), "limit": str(PAGE_ROWS)}
        async with self.http.get(f"{self.system.sandbox}/sandbox/bulk/answers", params=params) as answer:
            rows: list[dict[str, Any]] = await answer.json()
            return rows


def faults(load: CitizenLoad, answers: dict[str, list[str]]) -> dict[str, int]:
    """How many citizens missed an answer, had one too many, or had them in the wrong order."""
    counts = {"missing": 0, "too many": 0, "out of order": 0}
    for citizen_id in load.ids:
        texts = answers.get(citizen_id, [])
        names = [next((index for index, (_, name) in enumerate(QUESTIONS) if name in text), -1) for text in texts]
        counts["missing"] += len(set(range(len(QUESTIONS))) - set(names))
        counts["too many"] += max(0, len(names) - len(set(names)))
        counts["out of order"] += names != sorted(names)
    return counts
