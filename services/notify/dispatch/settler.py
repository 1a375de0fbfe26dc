"""How sends ended, into the ledger: whatever has gathered in one write, and kept until MongoDB has it."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

import structlog

from chassis.blame import Transient
from services.notify.store.ledger import Finished, Ledger, Settlement

log = structlog.get_logger()

_LINGER_SECONDS = 0.15  # Seldom does anybody wait for this write: the message is out, and patience makes few writes
_ENOUGH = 200  # of many. So many are enough for one.
_WAITS = (0.1, 0.3, 1.0, 2.0)
_AT_ONCE = 1_000


class Settler:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.listeners: list[Callable[[Sequence[Settlement]], None]] = []  # Told what the ledger has taken.
        self._waiting: list[Settlement] = []
        self._news, self._urgent = asyncio.Event(), asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self.references: set[str] = set()  # Of messages that were sent, but are not written down yet.

    def put(self, settlement: Settlement) -> None:
        self._waiting.append(settlement)
        if isinstance(settlement, Finished) and settlement.reference:
            self.references.add(settlement.reference)
        self._idle.clear()
        self._news.set()
        if len(self._waiting) >= _ENOUGH:
            self._urgent.set()

    async def run(self) -> None:
        while True:
            await self._news.wait()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._urgent.wait(), _LINGER_SECONDS)
            self._news.clear()
            self._urgent.clear()
            await self._flush()

    async def _flush(self) -> None:
        while self._waiting:
            batch = self._waiting[:_AT_ONCE]
            await self._write(batch)
            del self._waiting[: len(batch)]
            self.references.difference_update(one.reference for one in batch if isinstance(one, Finished))
            for listener in self.listeners:
                listener(batch)
        self._idle.set()

    async def _write(self, batch: Sequence[Settlement]) -> None:
        tried = 0
        while True:
            try:
                return await self._ledger.settle(batch)
            except Transient:
                log.warning("settlements_wait", entries=len(batch), tries=tried)
                await asyncio.sleep(_WAITS[min(tried, len(_WAITS) - 1)])
                tried += 1

    async def drained(self) -> None:
        """Return once everything put so far is in the ledger: at once, if MongoDB lets us."""
        self._urgent.set()
        await self._idle.wait()

    async def knows(self, references: Collection[str], seconds: float) -> None:
        """Return once the ledger knows these messages as far as we do; bounded."""
        if self.references.isdisjoint(references):
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self.drained(), seconds)
