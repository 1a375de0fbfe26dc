"""The loop's own words. No vendor's type leaves its file."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from contracts.event import Event

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Record:
    """What arrived: bytes, and where they stood on the log."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes = field(repr=False)
    headers: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """A record that could be read."""

    record: Record
    event: Event


@dataclass(frozen=True, slots=True)
class OutgoingRecord:
    """What is said: bytes for a topic."""

    topic: str
    key: bytes
    value: bytes = field(repr=False)
    headers: Mapping[str, bytes] = field(repr=False)


class EventConsumer(Protocol):
    async def poll(self) -> Sequence[Record]:
        """What has arrived, in order per partition, at most a batch of it. Empty after a quiet moment."""

    async def commit(self, records: Sequence[Record]) -> None:
        """These are settled: a restart goes on behind them."""


class EventProducer(Protocol):
    async def send(self, records: Sequence[OutgoingRecord]) -> None:
        """Durable on the log, in order per key, when it returns. Raises Transient when that can't be told in time."""


BatchHandler = Callable[[Sequence[ReceivedEvent]], Awaitable[Sequence[Event]]]
"""gather → decide → remember for a batch; gives what is to be said. A repeat gives the same facts under the same ids."""
