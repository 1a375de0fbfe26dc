"""Writes results of sends into the ledger: all that have gathered in one write, kept until MongoDB has them."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

import structlog

from chassis.errors import TransientError
from services.notify.store.ledger import Completed, DeliveryResult, Ledger

log = structlog.get_logger()

_LINGER_SECONDS = 0.15  # Nobody waits for this write: the message is out, and waiting a little makes few writes
_ENOUGH = 200  # of many. So many are enough for one.
_WAITS = (0.1, 0.3, 1.0, 2.0)
_BATCH_SIZE = 1_000


class ResultWriter:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.on_written: list[Callable[[Sequence[DeliveryResult]], None]] = []  # Told what the ledger has taken.
        self._waiting: list[DeliveryResult] = []
        self._news, self._urgent = asyncio.Event(), asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self.references: set[str] = set()  # Of messages that were sent, but are not written down yet.
        self.completed: set[str] = set()  # Ids of deliveries that have ended, but are not written down yet.

    def put(self, result: DeliveryResult) -> None:
        self._waiting.append(result)
        if isinstance(result, Completed):
            self.completed.add(result.delivery.id)
            if result.reference:
                self.references.add(result.reference)
        self._idle.clear()
        self._news.set()
        if len(self._waiting) >= _ENOUGH:
            self._urgent.set()

    async def run(self) -> None:
        while True:
            await self._news.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LINGER_SECONDS):
                    await self._urgent.wait()
            self._news.clear()
            self._urgent.clear()
            await self._flush()

    async def _flush(self) -> None:
        while self._waiting:
            batch = self._waiting[:_BATCH_SIZE]
            await self._write(batch)
            del self._waiting[: len(batch)]
            completed = [result for result in batch if isinstance(result, Completed)]
            self.references.difference_update(result.reference for result in completed)
            self.completed.difference_update(result.delivery.id for result in completed)
            for callback in self.on_written:
                callback(batch)
        self._idle.set()

    async def _write(self, batch: Sequence[DeliveryResult]) -> None:
        attempts = 0
        while True:
            try:
                return await self._ledger.write_results(batch)
            except TransientError:
                log.warning("settlements_wait", entries=len(batch), tries=attempts)
                await asyncio.sleep(_WAITS[min(attempts, len(_WAITS) - 1)])
                attempts += 1

    async def drained(self) -> None:
        """Return once everything put so far is in the ledger: at once, if MongoDB lets us."""
        self._urgent.set()
        await self._idle.wait()

    async def wait_until_written(self, references: Collection[str], seconds: float) -> None:
        """Return once the ledger knows these messages as far as we do; bounded."""
        if self.references.isdisjoint(references):
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.drained()
