"""Attempts in memory: what `chassis.attempts.AttemptStore` promises, held to it by tests/chassis/test_attempts.py."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from chassis.records import Record


@dataclass(slots=True)
class _Count:
    offset: int = -1
    tries: int = 0
    alone: int = 0


class MemoryAttempts:
    def __init__(self) -> None:
        self._counts: dict[tuple[str, int], _Count] = defaultdict(_Count)

    async def begin(self, firsts: Sequence[Record]) -> bool:
        counts = [self._of(record) for record in firsts]
        for count in counts:
            count.tries += 1
        return any(count.tries > 1 or count.alone for count in counts)

    async def begin_alone(self, record: Record) -> int:
        count = self._of(record)
        count.alone += 1
        return count.alone - 1

    async def forgive(self, record: Record) -> None:
        count = self._counts[record.topic, record.partition]
        if count.offset == record.offset:
            count.alone -= 1

    def _of(self, record: Record) -> _Count:
        place = record.topic, record.partition
        if self._counts[place].offset != record.offset:
            self._counts[place] = _Count(record.offset)
        return self._counts[place]
