"""Two hundred citizens who each ask ten questions, one after the other, and remember what they were answered."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from loa.testkit.operations import QUESTIONS, Findings, OperationLog
from loa.testkit.quiet import quiet
from loa.testkit.system import POLICE, FullSystem

TIMEOUT_SECONDS = 120
PAGE_ROWS = 10_000


@dataclass(slots=True)
class CitizenLoad:
    http: aiohttp.ClientSession
    system: FullSystem
    size: int
    log: OperationLog = field(default_factory=OperationLog)
    timeout_seconds: float = TIMEOUT_SECONDS
    _ids: list[str] = field(default_factory=list)
    _started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since the beginning: the time of the operation log."""
        return time.monotonic() - self._started

    async def create_citizens(self) -> None:
        """These ask from now on; who asked before is still waited for."""
        body = {"citizens": self.size, "oa_id": POLICE}
        async with self.http.post(f"{self.system.sandbox}/sandbox/bulk", json=body) as answer:
            answer.raise_for_status()
            self._ids = [citizen["citizen_id"] for citizen in (await answer.json())["citizens"]]

    async def ask_all(self, pause_seconds: float) -> None:
        """Everybody asks the first question, then everybody the second: a citizen's own messages stay in order."""
        for question, (text, _) in enumerate(QUESTIONS):
            for citizen_id in self._ids:
                self.log.ask(citizen_id, question, self.seconds)
            messages = [{"citizen_id": citizen_id, "oa_id": POLICE, "text": text} for citizen_id in self._ids]
            async with self.http.post(
                f"{self.system.sandbox}/sandbox/bulk/send", json={"messages": messages}
            ) as answer:
                answer.raise_for_status()
            await asyncio.sleep(pause_seconds)
            await self._all_delivered()

    async def _all_delivered(self) -> None:
        """Nobody writes on before the last message has its tick.

        Zalo promises no order between a message that it has to deliver again and a later one. Raises TimeoutError.
        """
        async with asyncio.timeout(self.timeout_seconds):
            while await self._undelivered():  # noqa: ASYNC110 - the sandbox tells nobody.
                await asyncio.sleep(0.1)

    async def _undelivered(self) -> int:
        async with self.http.get(f"{self.system.sandbox}/sandbox/webhooks", params={"after": str(10**9)}) as answer:
            return int((await answer.json())["pending"])

    async def findings(self) -> Findings:
        """Returns what is wrong, once everybody has enough or the time is up."""
        after, deadline = 0, time.monotonic() + self.timeout_seconds
        while time.monotonic() < deadline:
            after = await self._read(before := after)
            if self.log.answers >= self.log.questions and after == before:
                break
            await asyncio.sleep(0.5)
        await quiet(self.system, self.timeout_seconds)  # A second answer would have come by now.
        await self._read(after)
        return self.log.findings()

    async def _read(self, after: int) -> int:
        """Returns the number of the last answer that was read."""
        for row in await self._page(after):
            self.log.answer(row["citizen"], row["text"], self.seconds)
            after = row["seq"]
        return after

    async def _page(self, after: int) -> Sequence[dict[str, Any]]:
        params = {"after": str(after), "limit": str(PAGE_ROWS)}
        async with self.http.get(f"{self.system.sandbox}/sandbox/bulk/answers", params=params) as answer:
            rows: list[dict[str, Any]] = await answer.json()
            return rows
