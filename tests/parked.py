"""Parked items in memory: what `chassis.parked.ParkedStore` promises, held to it by tests/chassis/test_parked.py."""

from collections.abc import Sequence
from datetime import datetime

from chassis.errors import TransientError
from chassis.parked import ParkedItem


class MemoryParked:
    def __init__(self) -> None:
        self.outages = 0  # So many calls find the database away.
        self._items: dict[tuple[str, str], ParkedItem] = {}
        self._times: dict[tuple[str, str], int] = {}

    async def prepare(self) -> None:
        """Nothing to prepare."""

    async def keys(self, job: str) -> frozenset[str]:
        self._reach()
        return frozenset(key for of_job, key in self._items if of_job == job)

    async def park(self, job: str, key: str, reason: str, at: datetime) -> None:
        self._reach()
        times = self._times[job, key] = self._times.get((job, key), 0) + 1
        self._items[job, key] = ParkedItem(job, key, reason, at, times)

    async def list(self, job: str | None, at_most: int) -> Sequence[ParkedItem]:
        self._reach()
        items = [item for item in self._items.values() if job in (None, item.job)]
        return sorted(items, key=lambda item: item.at)[:at_most]

    async def redrive(self, job: str, key: str | None, at: datetime) -> int:  # noqa: ARG002 — the store notes when.
        self._reach()
        chosen = [item_id for item_id in self._items if item_id[0] == job and key in (None, item_id[1])]
        for item_id in chosen:
            del self._items[item_id]
        return len(chosen)

    def _reach(self) -> None:
        if self.outages:
            self.outages -= 1
            raise TransientError("the database is away, says the test")
