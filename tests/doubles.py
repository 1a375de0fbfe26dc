"""What tests use instead of real servers: `from tests.doubles import MemoryLog, message_received, reply, NOON` serve most.

The log in memory keeps a real broker's promises (tests/memory_log.py), events carry really sealed bodies (tests/events.py).
"""

import asyncio
from dataclasses import dataclass, field

from chassis.retry import RetryPolicy
from tests.events import (
    ADDRESSES,
    BODIES,
    CHATBOT_SIGNER,
    CITIZEN,
    NOON,
    OA,
    PEPPER,
    RETIRED,
    RING_FILES,
    SIGNING_FILES,
    TIPS_SIGNER,
    as_received,
    as_tips_receives,
    clock,
    conversation,
    followed,
    make_event,
    message_received,
    opened_inbound,
    opened_outbound,
    reply,
    sealed_address,
    to_tips,
)
from tests.memory_log import MemoryConsumer, MemoryLog, MemoryProducer, SendFailure

__all__ = [
    "ADDRESSES",
    "BODIES",
    "CHATBOT_SIGNER",
    "CITIZEN",
    "NOON",
    "OA",
    "PEPPER",
    "RETIRED",
    "RING_FILES",
    "SIGNING_FILES",
    "TIPS_SIGNER",
    "FakeSleep",
    "MemoryConsumer",
    "MemoryLog",
    "MemoryProducer",
    "SendFailure",
    "as_received",
    "as_tips_receives",
    "clock",
    "conversation",
    "followed",
    "make_event",
    "message_received",
    "opened_inbound",
    "opened_outbound",
    "reply",
    "sealed_address",
    "to_tips",
]


@dataclass(slots=True)
class FakeSleep:
    """Instead of sleeping: `naps.patience()` waits no time and `naps.seconds` tells how long it would have."""

    seconds: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)

    def retry_policy(self, waits_seconds: tuple[float, ...] = (0.2, 0.5, 1)) -> RetryPolicy:
        return RetryPolicy(waits_seconds=waits_seconds, jitter=lambda: 0.5, sleep=self.sleep)
