"""What tests put in the place of the world: `from tests.doubles import MemoryLog, heard, reply, NOON` is all most need.

The log in memory keeps a real broker's promises (tests/memory_log.py), facts carry really sealed bodies (tests/facts.py).
"""

import asyncio
from dataclasses import dataclass, field

from chassis.patience import Patience
from tests.facts import (
    ADDRESSES,
    BODIES,
    CITIZEN,
    NOON,
    OA,
    PEPPER,
    RING_FILES,
    as_heard,
    clock,
    conversation,
    fact,
    followed,
    heard,
    opened_speech,
    opened_spoken,
    reply,
    sealed_address,
    sealed_body,
)
from tests.memory_log import MemoryEar, MemoryLog, MemoryMouth, Trouble

__all__ = [
    "ADDRESSES",
    "BODIES",
    "CITIZEN",
    "NOON",
    "OA",
    "PEPPER",
    "RING_FILES",
    "MemoryEar",
    "MemoryLog",
    "MemoryMouth",
    "Naps",
    "Trouble",
    "as_heard",
    "clock",
    "conversation",
    "fact",
    "followed",
    "heard",
    "opened_speech",
    "opened_spoken",
    "reply",
    "sealed_address",
    "sealed_body",
]


@dataclass(slots=True)
class Naps:
    """Instead of sleeping: `naps.patience()` waits no time and `naps.seconds` tells how long it would have."""

    seconds: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)

    def patience(self, waits_seconds: tuple[float, ...] = (0.2, 0.5, 1), burials: int = 10) -> Patience:
        return Patience(waits_seconds=waits_seconds, burials=burials, jitter=lambda: 0.5, sleep=self.sleep)
