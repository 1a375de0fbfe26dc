"""The types of the consumer loop, so that no type of a Kafka client leaves its package."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from contracts.event import Event

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it arrived: bytes, and its position on the log."""

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
    """A record to publish."""

    topic: str
    key: bytes
    value: bytes = field(repr=False)
    headers: Mapping[str, bytes] = field(repr=False)


class EventConsumer(Protocol):
    async def poll(self) -> Sequence[Record]:
        """Returns at most one batch of what has arrived, in order per partition; empty after a short wait."""

    async def commit(self, records: Sequence[Record]) -> None:
        """Mark these as processed: a restart goes on after them."""


class EventProducer(Protocol):
    async def send(self, records: Sequence[OutgoingRecord]) -> None:
        """Publish; durable, in order per key, when it returns. Raises TransientError when that is not certain in time."""


KnownGood = Callable[[], Sequence[Event]]
"""Returns new events that a sound service handles for certain, and whose handling leaves nothing that lasts."""

Apologise = Callable[[Event], Awaitable[Sequence[Event]]]
"""Returns what is published when an event was dead-lettered: a word to the citizen, where one is to be said."""

BatchHandler = Callable[[Sequence[ReceivedEvent]], Awaitable[Sequence[Event]]]
"""Handles a batch and saves its state; returns the events to publish. A repeated batch returns the same events, same ids."""
